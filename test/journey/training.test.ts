import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('says what is wrong with its recipe', async () => {
    const sha256 = 'f'.repeat(64);
    const { status, body } = await ask('POST', '/v1/training-jobs', { model: 'm', sha256, recipe: { kind: 'forest' } });
    expect(status).toBe(400);
    expect(String(body.error)).toContain('body.recipe.kind');
  });
});
