import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWith } from '../python.ts';
import { referenceFile } from '../reference.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
});

afterAll(async () => {
  expect(await platform?.stop()).toBe(0);
  for (const cleanup of cleanups) await cleanup();
});

const mixed = new TextDecoder().decode(referenceFile('data/mixed.csv').bytes);

/** 4 x 4 pixels, of which the upper or the lower half is brighter. */
const images = [
  [...Array.from({ length: 16 }, (_, i) => `pixel${i}`), 'target'].join(','),
  ...Array.from({ length: 120 }, (_, row) => {
    const isBright = (pixel: number) => pixel < 8 === (row % 2 === 0);
    const pixels = Array.from({ length: 16 }, (_, i) => ((row * 7 + i * 13) % 5) + (isBright(i) ? 5 : 0));
    return [...pixels, row % 2 ? 'low' : 'high'].join(',');
  }),
].join('\n');

const python = pythonWith('torch', 'numpy');

const ask = async (method: string, path: string, body?: unknown) => {
  const answer = await platform.call(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

/** What lies at a path once its state is one of these. */
async function ended(path: string, ...states: readonly string[]): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await ask('GET', path);
    if (states.includes(String(body.state))) return body;
    await sleep(50);
  }
}

const served = async (model: string): Promise<void> => {
  while ((await ask('GET', `/v1/models/${model}`)).status !== 200) await sleep(50);
};

describe('a table in the inbox', () => {
  it('becomes a model that takes records with categories and gaps', async () => {
    await dropFile(platform.home, 'risk', 'train.csv', mixed);
    await served('risk');
    const instances = [
      { colour: 'red', size: 'L', age: 40, income: 20_000 },
      { colour: 'purple', size: null, age: null, income: 20_000 },
    ];
    const predicted = await ask('POST', '/v1/models/risk:predict', { instances, parameters: { probabilities: true } });
    expect(predicted.status).toBe(200);
    for (const { label, probabilities } of predicted.body.predictions as {
      label: number;
      probabilities: Record<string, number>;
    }[]) {
      expect([0, 1]).toContain(label);
      expect((probabilities['0'] ?? 0) + (probabilities['1'] ?? 0)).toBeCloseTo(1, 12);
    }
    const { body: card } = await ask('GET', '/v1/models/risk/card');
    expect(JSON.stringify(card)).toContain('"accuracy"');
  });

  it('is refused with its reason where nothing can be learned from it', async () => {
    await dropFile(platform.home, 'flat', 'train.csv', 'a,target\n1,5\n2,5\n3,5\n');
    const report = join(platform.home, 'inbox/flat/train.csv.report.json');
    for (;;) {
      const text = await readFile(report, 'utf8').catch(() => '');
      if (text !== '') {
        expect(text).toContain('must vary: every row has the same, got 5');
        break;
      }
      await sleep(50);
    }
    expect((await ask('GET', '/v1/models/flat')).status).toBe(404);
  });
});

describe('a network, where no Python has PyTorch', () => {
  it('is refused with what is missing', async () => {
    const home = await temporaryHome(cleanups);
    const without = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0', MODELDROP_PYTHON: '/bin/false' } });
    try {
      await dropFile(home, 'halves', 'drop.json', '{"kind":"cnn"}');
      await dropFile(home, 'halves', 'train.csv', images);
      const report = join(home, 'inbox/halves/train.csv.report.json');
      let text = '';
      while (text === '') {
        await sleep(50);
        text = await readFile(report, 'utf8').catch(() => '');
      }
      expect(text).toContain('a network is trained by PyTorch, and no Python here has it. Tried /bin/false');
      expect(text).toContain('pip install torch numpy');
    } finally {
      await without.stop();
    }
  });
});

describe('a training job', () => {
  it('waits for its table, learns by its recipe, and goes on as a drop of the same id', async () => {
    const sha256 = createHash('sha256').update(mixed).digest('hex');
    const recipe = { target: 'target', kind: 'svc', C: [0.5, 1], cv: 3, probability: true };
    const created = await ask('POST', '/v1/training-jobs', { model: 'machine', sha256, recipe });
    expect(created.status).toBe(201);
    const { id, url, headers } = created.body as { id: string; url: string; headers: Record<string, string> };
    expect((await ask('GET', `/v1/training-jobs/${id}`)).body).toMatchObject({ state: 'waiting', recipe });
    const put = await fetch(url, { method: 'PUT', headers, body: mixed });
    expect(put.ok).toBe(true);
    const job = await ended(`/v1/training-jobs/${id}`, 'trained', 'refused');
    expect(job).toMatchObject({ state: 'trained', result: { kind: 'svc', converged: true } });
    expect(await ended(`/v1/models/machine/drops/${id}`, 'released')).toMatchObject({ version: 1 });
    await served('machine');
  });

  it.skipIf(!python)('trains a network by the PyTorch of this machine, and tells how far it is', async () => {
    const sha256 = createHash('sha256').update(images).digest('hex');
    const recipe = { target: 'target', kind: 'cnn', epochs: 30, hidden: 16, channels: 8, rate: 0.01 };
    const created = await ask('POST', '/v1/training-jobs', { model: 'halves', sha256, recipe });
    expect(created.status).toBe(201);
    const { id, url, headers } = created.body as { id: string; url: string; headers: Record<string, string> };
    expect((await fetch(url, { method: 'PUT', headers, body: images })).ok).toBe(true);
    const job = await ended(`/v1/training-jobs/${id}`, 'trained', 'refused', 'failed');
    expect(job).toMatchObject({ state: 'trained', progress: { of: 30 }, result: { kind: 'cnn' } });
    expect(await ended(`/v1/models/halves/drops/${id}`, 'released', 'refused')).toMatchObject({ version: 1 });
    await served('halves');
    const instances = [Array.from({ length: 16 }, (_, i) => (i < 8 ? 2 : 7))];
    const { body } = await ask('POST', '/v1/models/halves:predict', { instances });
    expect(body.predictions).toEqual(['low']);
    const { body: card } = await ask('GET', '/v1/models/halves/card');
    expect(JSON.stringify(card)).toContain('pixel7');
  });

  it('says what is wrong with the recipe of a network', async () => {
    const recipe = { kind: 'rnn', epochs: 0 };
    const { status, body } = await ask('POST', '/v1/training-jobs', { model: 'm', sha256: 'f'.repeat(64), recipe });
    expect(status).toBe(400);
    expect(String(body.error)).toContain('body.recipe.epochs');
  });

  it('says what is wrong with its recipe', async () => {
    const sha256 = 'f'.repeat(64);
    const { status, body } = await ask('POST', '/v1/training-jobs', { model: 'm', sha256, recipe: { kind: 'forest' } });
    expect(status).toBe(400);
    expect(String(body.error)).toContain('body.recipe.kind');
  });
});
