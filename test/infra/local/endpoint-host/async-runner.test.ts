import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { asyncQueue } from '../../../../infra/local/endpoint-host/async-queue.ts';
import { asyncRunner } from '../../../../infra/local/endpoint-host/async-runner.ts';
import { temporaryHome } from '../../../journey/running-platform.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

it('is started again where it could not be, while anything is left to do', async () => {
  const queue = join(await temporaryHome(cleanups), 'queue');
  await asyncQueue(queue).keep({
    id: '1',
    target: 'a',
    input: 'i',
    output: 'o',
    failure: 'f',
    contentType: 'application/json',
    until: 1,
    hadInput: true,
    begun: 0,
  });
  const child = Object.assign(new EventEmitter(), { connected: true, send: vi.fn(), exitCode: 0, signalCode: null });
  const start = vi.fn(async () => child as never).mockRejectedValueOnce(new Error('no space left on device'));
  const runner = asyncRunner({ queue, start });
  await runner.wake();
  await vi.waitFor(() => expect(child.send).toHaveBeenCalledWith('queued', expect.anything()), { timeout: 30_000 });
  expect(start).toHaveBeenCalledTimes(2);
  await runner.close();
});
