import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { asyncQueue, type QueuedCall } from '../../../../infra/local/endpoint-host/async-queue.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const call = (id: string): QueuedCall => ({
  id,
  target: 'a',
  input: `inputs/${id}`,
  output: `outputs/${id}`,
  failure: `failures/${id}`,
  contentType: 'application/json',
  until: 1,
  hadInput: true,
  begun: 0,
});

it('gives calls in the order in which they came, as they stand now', async () => {
  const queue = asyncQueue(join(await temporaryHome(cleanups), 'queue'));
  expect(await queue.left()).toEqual([]);
  for (const id of ['2', '1', '3']) await queue.keep(call(id));
  await queue.keep({ ...call('1'), begun: 1 });
  await queue.remove(call('2'));
  expect(await queue.left()).toEqual([{ ...call('1'), begun: 1 }, call('3')]);
});

it('goes on past a call that was never written whole', async () => {
  const folder = await temporaryHome(cleanups);
  const queue = asyncQueue(folder);
  await queue.keep(call('2'));
  await writeFile(join(folder, '1.json'), '{"id":');
  expect(await queue.left()).toEqual([call('2')]);
  expect(await readdir(folder)).toEqual(['2.json']);
});
