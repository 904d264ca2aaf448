import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expand } from '../../functions/http/expand.ts';
import { inspectDropped } from '../../models/formats/dropped.ts';
import { modeldrop } from '../apps/cli/command.ts';
import { expectClose } from '../closeness.ts';
import { pythonWith } from '../python.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';

// PyTorch takes its time to start where others take theirs.
vi.setConfig({ testTimeout: 180_000 });

const cleanups: (() => Promise<void>)[] = [];
const digits = join(import.meta.dirname, '../reference/data/digits.csv');
const torch = pythonWith('torch', 'numpy');
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
}, 60_000);

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

interface Result {
  readonly kind: string;
  readonly metrics: Record<string, number>;
  readonly losses: number[];
  readonly artifact: string;
}

const train = (...flags: string[]) =>
  modeldrop(['train', digits, '--target', 'target', ...flags], {
    env: { MODELDROP_URL: platform.url, MODELDROP_KEY: platform.key },
  });

describe.skipIf(!torch)('a network, trained by one command (skipped where no python3 has torch)', () => {
  it('of convolutions is served', async () => {
    const { code, stdout, stderr } = await train('--kind', 'cnn', '--epochs', '12', '--name', 'digits-net', '--json');
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout.trim().split('\n').at(-1) as string) as Result;
    expect(result.kind).toBe('cnn');
    expect(result.metrics.accuracy).toBeGreaterThan(0.9);
    const [, ...lines] = (await readFile(digits, 'utf8')).trim().split('\n').slice(0, 101);
    const rows = lines.map((line) => line.split(',').map(Number));
    const body = { instances: rows.map((row) => row.slice(0, -1)), parameters: { probabilities: true } };
    const answer = await platform.call('POST', '/v1/models/digits-net:predict', body);
    const { predictions } = (await answer.json()) as {
      predictions: { label: number; probabilities: Record<string, number> }[];
    };
    expect(answer.status).toBe(200);
    const right = predictions.filter(({ label }, i) => label === rows[i]?.at(-1)).length;
    expect(right).toBeGreaterThanOrEqual(93);
    for (const { label, probabilities } of predictions) {
      const all = Object.entries(probabilities);
      expectClose([all.reduce((sum, [, p]) => sum + p, 0)], [1], 1e-5);
      expect(all.reduce((best, one) => (one[1] > best[1] ? one : best))[0]).toBe(String(label));
    }
  });

  it("of Elman's recurrence is written into a folder, with a report of its losses", async () => {
    const folder = await temporaryHome(cleanups);
    const report = join(folder, 'report.json');
    const flags = [
      '--kind',
      'rnn',
      '--shape',
      '8x8',
      '--epochs',
      '5',
      '--out',
      join(folder, 'net'),
      '--report',
      report,
    ];
    const { code, stderr } = await train(...flags);
    expect(code, stderr).toBe(0);
    const told = JSON.parse(await readFile(report, 'utf8'));
    expect([told.kind, told.losses.length, told.labels.length]).toEqual(['rnn', 5, 10]);
    const drop = JSON.parse(await readFile(join(folder, 'net', 'drop.json'), 'utf8'));
    expect([drop.features.length, drop.labels]).toEqual([64, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    const pushed = await modeldrop(
      [
        'push',
        ...['model.onnx', 'drop.json', 'examples.json'].map((name) => join(folder, 'net', name)),
        '--name',
        'elman',
      ],
      { env: { MODELDROP_URL: platform.url, MODELDROP_KEY: platform.key } },
    );
    expect(pushed.code, pushed.stderr).toBe(0);
  });
});

describe.skipIf(!torch)('modeldrop plan --cascade (skipped where no python3 has torch)', () => {
  const iris = join(import.meta.dirname, '../reference/data/iris.csv');

  it('says out of fold, over all rows, below which confidence the large model is to be asked, and writes both', {
    timeout: 120_000,
  }, async () => {
    const out = join(await temporaryHome(cleanups), 'cascade.tar.gz');
    const { code, stdout, stderr } = await modeldrop([
      'plan',
      iris,
      '--cascade',
      'logistic,rnn',
      '--harm',
      '0.05',
      '--json',
      '--out',
      out,
    ]);
    expect(code, stderr).toBe(0);
    const { temperature, accuracy, steps, chosen } = JSON.parse(stdout);
    expect(temperature).toBeGreaterThan(0.05);
    expect(accuracy.small).toBeGreaterThan(0.93);
    expect(steps.at(-1)).toMatchObject({ kept: { count: 150, of: 150 }, accuracy: accuracy.small, usd: 0 });
    expect(chosen.harmedAtMost).toBeLessThanOrEqual(0.05);
    expect(chosen.kept.count).toBeGreaterThan(58);
    const archive = expand({ name: 'cascade.tar.gz', bytes: await readFile(out) });
    const { threshold } = inspectDropped(archive, {}).content.cascade ?? {};
    expect(threshold).toBe(chosen.threshold);
  });

  it.each([
    [['--cascade', 'logistic'], 'such as logistic,cnn'],
    [['--cascade', 'cnn,logistic'], 'such as logistic,cnn'],
    [['--cascade', 'ridge,rnn'], 'the small model of a cascade must answer probabilities of classes, got "ridge"'],
    [['--cascade', 'logistic,rnn', '--harm', '2'], 'a share between 0 and 1'],
  ])('refuses %j', async (flags, words) => {
    const { code, stderr } = await modeldrop(['plan', iris, ...flags]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(words);
  });
});

describe('a network that can not be trained', () => {
  it.each([
    [['--kind', 'cnn', '--C', '1'], 'option.C is not of a cnn'],
    [['--kind', 'rnn', '--channels', '4'], 'channels is not of a rnn, got 4'],
    [['--kind', 'cnn', '--shape', '3x3'], 'shape must hold the 64 features of a row, got "1x3x3"'],
    [['--kind', 'cnn', '--shape', 'wide'], 'must be sizes such as 1x28x28'],
    [['--kind', 'svc', '--epochs', '3'], 'option.epochs is of cnn and rnn alone'],
  ])('%s', async (flags, words) => {
    const { code, stderr } = await train(...flags, '--out', join(await temporaryHome(cleanups), 'none'));
    expect(code).not.toBe(0);
    expect(stderr).toContain(words);
  });

  it('for want of PyTorch says what to do, before a table is read', async () => {
    const env = { MODELDROP_PYTHON: '/nowhere/python3' };
    const { code, stderr } = await modeldrop(['train', 'absent.csv', '--kind', 'cnn', '--out', '/nowhere/out'], {
      env,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('no Python here has it. Tried /nowhere/python3');
    expect(stderr).toContain('pip install torch');
  });
});
