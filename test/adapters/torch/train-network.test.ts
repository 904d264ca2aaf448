import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { scoreRows } from '../../../adapters/onnx/score-rows.ts';
import { trainNetwork } from '../../../adapters/torch/train-network.ts';
import type { NetworkInput } from '../../../models/learning/network/network-input.ts';
import { networkTask } from '../../../models/learning/network/network-task.ts';
import type { Epoch } from '../../../models/learning/network/trained-network.ts';
import { expectClose } from '../../closeness.ts';
import { temporaryHome } from '../../journey/running-platform.ts';
import { pythonWith } from '../../python.ts';
import { seeded } from '../../seeded.ts';

// PyTorch takes its time to start where others take theirs.
vi.setConfig({ testTimeout: 180_000 });

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups) await cleanup();
});

// Where temporary folders are made: nobody else's are seen.
beforeAll(async () => {
  vi.stubEnv('TMPDIR', await temporaryHome(cleanups));
});
const found = pythonWith('torch', 'numpy');
const python = { path: found ?? '', version: '' };
const never = new AbortController().signal;
const [WIDTH, ROWS] = [16, 240];

/** The brighter half of an image tells its class; the sum of a row tells its number. */
function inputOf(kind: 'cnn' | 'rnn', classes: number, more: object = {}): NetworkInput {
  const next = seeded(5);
  const rows = Float32Array.from({ length: ROWS * WIDTH }, (_, at) => next() + (at % WIDTH < 8 ? 0 : (at >> 4) % 2));
  const side = (from: number, to: number) => ({
    rows: rows.slice(from * WIDTH, to * WIDTH),
    targets: classes
      ? Int32Array.from({ length: to - from }, (_, i) => (from + i) % 2)
      : Float64Array.from(
          { length: to - from },
          (_, i) => 100 + 10 * sumOf(rows.subarray((from + i) * WIDTH, (from + i + 1) * WIDTH)),
        ),
  });
  const task = networkTask(
    kind,
    { epochs: 12, hidden: 8, rate: 0.01, batch: 16, ...more },
    { features: WIDTH, classes, seed: 4 },
  );
  return { task, fit: side(0, 180), validation: side(180, ROWS), examples: rows.slice(0, 7 * WIDTH) };
}
const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

const left = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('modeldrop-network-'));

describe.skipIf(!found)('a network of PyTorch (skipped where no python3 has torch)', () => {
  const cases = [
    ['convolutions', 'cnn', 2, {}],
    ["Elman's network", 'rnn', 2, { shape: [4, 4] }],
    ['an LSTM', 'rnn', 2, { shape: [4, 4], cell: 'lstm' }],
    ['a GRU', 'rnn', 2, { shape: [4, 4], cell: 'gru' }],
    ['convolutions for a number', 'cnn', 0, {}],
  ] as const;

  it.each(cases)('%s answer in ONNX Runtime what they answer in PyTorch', async (_, kind, classes, more) => {
    const input = inputOf(kind, classes, more);
    const epochs: Epoch[] = [];
    const trained = await trainNetwork(python, input, { onEpoch: (epoch) => epochs.push(epoch), signal: never });
    const output = classes ? 'probabilities' : 'value';
    const rows = { input: 'input', rows: input.examples, width: WIDTH, output };
    const answers = await scoreRows(openInRuntime(), trained.onnx, rows, never);
    expect(answers.length).toBe(7 * (classes || 1));
    expectClose([...answers], [...trained.answers], 1e-4);
    expect(trained.epochs).toEqual(epochs);
    const validation = epochs.map((epoch) => epoch.validation);
    expect(validation[trained.best - 1]).toBe(Math.min(...validation));
    // Guessing has a loss of log 2, or of the variance, which is 1.
    expect(Math.min(...validation)).toBeLessThan(classes ? 0.35 : 0.1);
  });

  it('is the same for the same seed', async () => {
    const run = () =>
      trainNetwork(python, inputOf('rnn', 2, { shape: [4, 4], epochs: 2 }), { onEpoch: () => {}, signal: never });
    const [first, second] = [await run(), await run()];
    expect(Buffer.compare(first.onnx, second.onnx)).toBe(0);
  });

  it('ends early where it no longer gets better, with the best weights', async () => {
    const input = inputOf('cnn', 2, { epochs: 200, patience: 3 });
    const { epochs, best } = await trainNetwork(python, input, { onEpoch: () => {}, signal: never });
    expect(epochs.length).toBe(best + 3);
  });

  it('says that its steps are too large, where the loss is no number', async () => {
    const input = inputOf('cnn', 0, { rate: 1e30 });
    const training = trainNetwork(python, input, { onEpoch: () => {}, signal: never });
    await expect(training).rejects.toThrow('the loss is no number from the first epoch on: try a smaller rate');
  });

  it('learns from numbers whose squares are none in single precision', async () => {
    const input = inputOf('rnn', 2, { shape: [4, 4] });
    const [fit, validation] = [input.fit, input.validation].map((side) => ({
      ...side,
      rows: side.rows.map((value) => value * 1e30),
    })) as [NetworkInput['fit'], NetworkInput['validation']];
    const { epochs } = await trainNetwork(python, { ...input, fit, validation }, { onEpoch: () => {}, signal: never });
    // Guessing has a loss of log 2.
    expect(epochs.at(-1)?.validation).toBeLessThan(0.35);
  });

  it('ends at once when nobody waits for it, and leaves nothing behind', async () => {
    const stop = new AbortController();
    const input = inputOf('cnn', 2, { epochs: 100_000, patience: 100_000 });
    const training = trainNetwork(python, input, {
      onEpoch: () => stop.abort(new Error('enough')),
      signal: stop.signal,
    });
    await expect(training).rejects.toThrow('enough');
    expect(await left()).toEqual([]);
  });
});

describe('a training that fails', () => {
  it.each([
    [
      'says why',
      'echo "RuntimeError: out of memory" >&2; exit 1',
      'the training ended early: RuntimeError: out of memory',
    ],
    ['dies without a word', 'kill -9 $$', 'the training ended early: it ended with null'],
    ['claims to be done too early', 'exit 0', 'the training ended early: it ended with 0'],
    ['speaks otherwise than agreed', 'echo hello', 'the training ended early: it said hello'],
  ])('%s', async (_, script, words) => {
    const path = join(await temporaryHome(cleanups), 'python3');
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const training = trainNetwork({ path, version: '' }, inputOf('cnn', 2), { onEpoch: () => {}, signal: never });
    await expect(training).rejects.toThrow(words);
    expect(await left()).toEqual([]);
  });
});
