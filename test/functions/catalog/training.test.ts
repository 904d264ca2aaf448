import { beforeEach, describe, expect, it } from 'vitest';
import { moveTrainingJob, type TrainingJob } from '../../../adapters/registry/training-jobs.ts';
import { trainingJobOperation } from '../../../functions/catalog/training.ts';
import type { Call } from '../../../functions/http/call.ts';
import type { Epoch } from '../../../models/learning/network/trained-network.ts';
import { memoryStore } from '../../memory-store.ts';

const ID = '0123456789abcdef';
const epoch: Epoch = { epoch: 3, of: 9, loss: 1, validation: 2, seconds: 4 };
const caller = { tenant: 'default', scopes: ['deploy'], models: ['*'] };
let registry = memoryStore();

beforeEach(() => {
  registry = memoryStore();
});

async function shown(job: Partial<TrainingJob>, trainingProgress?: (name: string) => Promise<Epoch | undefined>) {
  const [createdAt, updatedAt] = ['2026-11-25T00:00:00.000Z', '2026-11-25T00:00:00.000Z'];
  const whole = { id: ID, model: 'm', file: 'train.csv', state: 'training', recipe: {}, createdAt, updatedAt } as const;
  await moveTrainingJob(registry, ID, () => ({ ...whole, ...job }));
  const operation = trainingJobOperation({ registry, ...(trainingProgress && { trainingProgress }) });
  const { body } = await operation({ params: { job: ID }, caller } as unknown as Call, new AbortController().signal);
  return JSON.parse(String(body));
}

describe('how far a network is', () => {
  it('is what this machine wrote of it', async () => {
    expect(await shown({ progress: epoch })).toMatchObject({ state: 'training', progress: epoch });
  });

  it('is asked of whoever trains it, by the name of its training, which is not told', async () => {
    const asked: string[] = [];
    const answer = await shown({ trainedBy: 'modeldrop-dev-x' }, async (name) => {
      asked.push(name);
      return epoch;
    });
    expect(asked).toEqual(['modeldrop-dev-x']);
    expect(answer.progress).toEqual(epoch);
    expect(answer).not.toHaveProperty('trainedBy');
  });

  it('is left out where nobody can say, or it has ended', async () => {
    const broken = () => Promise.reject(new Error('throttled'));
    const running = await shown({ trainedBy: 'modeldrop-dev-x' }, broken);
    expect(running).toMatchObject({ state: 'training' });
    expect(running).not.toHaveProperty('progress');
    expect(await shown({ trainedBy: 'modeldrop-dev-x', state: 'failed', error: 'why' }, broken)).toMatchObject({
      state: 'failed',
      error: 'why',
    });
  });
});
