import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Counter, memoryCounter } from '../../../../adapters/meter/counter.ts';
import type { ShadowCopy } from '../../../../functions/predict/shadow-copy.ts';
import { type ShadowProcess, shadowProcess } from '../../../../infra/local/shadow/shadow-process.ts';

const copy: ShadowCopy = {
  model: 'm',
  version: 2,
  serving: 1,
  since: 's',
  operation: 'predictV1',
  headers: {},
  body: '',
};

const line = `process.send([{ model: 'm', version: 2, shadow: { since: 's', sent: 0, skipped: 0, calls: 1, failed: 0, rows: 1, agreed: 1, shadow: {}, serving: {} } }])`;

let home: string;
let counter: Counter;
let shadow: ShadowProcess;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'modeldrop-'));
  counter = memoryCounter();
});

afterEach(async () => {
  await shadow.close();
  await rm(home, { recursive: true, force: true });
});

/** A process that does this with each copy. */
async function running(what: string, more: { deadlineMs?: number; atOnce?: number } = {}): Promise<void> {
  const program = join(home, 'program.mjs');
  await writeFile(program, `let copies = 0; process.on('message', (copy) => { copies += 1; ${what} });`);
  shadow = shadowProcess({ home, registry: home, counter, program, ...more });
}

/** All calls that were counted until now, each time after doing something. */
function total(before: () => void): () => number {
  let seen = 0;
  return () => {
    before();
    seen += calls();
    return seen;
  };
}

const calls = () => counter.take().reduce((sum, { shadow: counts }) => sum + (counts?.calls ?? 0), 0);

describe('the process of the shadows', { timeout: 40_000 }, () => {
  test('counts what it has answered', async () => {
    await running(line);
    expect([shadow.send(copy), shadow.send(copy)]).toEqual([true, true]);
    await expect
      .poll(
        total(() => {}),
        { timeout: 25_000 },
      )
      .toBe(2);
  });

  test('is killed where a shadow hangs, and a new one takes up what comes later', async () => {
    await running(`if (copy.body === 'endless') for (;;); ${line}`, { deadlineMs: 4_000, atOnce: 2 });
    expect(shadow.send({ ...copy, body: 'endless' })).toBe(true);
    expect(shadow.send(copy)).toBe(true);
    expect(shadow.send(copy)).toBe(false);
    await expect
      .poll(
        total(() => shadow.send(copy)),
        { timeout: 25_000 },
      )
      .toBeGreaterThan(0);
  });

  test('may break, and a new one takes up what comes later', async () => {
    await running(`if (copy.body === 'fatal') process.abort(); ${line}`);
    shadow.send({ ...copy, body: 'fatal' });
    await expect
      .poll(
        total(() => shadow.send(copy)),
        { timeout: 25_000 },
      )
      .toBeGreaterThan(0);
  });
});
