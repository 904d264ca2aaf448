import { beforeEach, describe, expect, it } from 'vitest';
import { readDrop } from '../../../adapters/registry/drops.ts';
import { moveTrainingJob, readTrainingJob } from '../../../adapters/registry/training-jobs.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { TorchFailed } from '../../../adapters/torch/torch-failed.ts';
import { trainFunction } from '../../../functions/train/handler.ts';
import { learnIn } from '../../../functions/train/learn.ts';
import type { Learn, Lesson } from '../../../functions/train/lesson.ts';
import type { AnyRecipe } from '../../../models/learning/any-recipe.ts';
import { memoryStore } from '../../memory-store.ts';

const ID = '0123456789abcdef';
const KEY = 'inbox/m/train.csv';
const bytes = (text: string) => new TextEncoder().encode(text);

let [inbox, registry]: Store[] = [];
let now: number;

beforeEach(async () => {
  [inbox, registry] = [memoryStore(), memoryStore()];
  now = Date.UTC(2026, 10, 25);
  await store(inbox).create(KEY, bytes('a,target\n1,2\n'));
  await store(inbox).create('inbox/m/drop.json', bytes('{"kind":"cnn"}'));
});

const store = (of: Store | undefined): Store => of as Store;

async function run(learn: Learn, recipe: AnyRecipe = { kind: 'cnn' }) {
  const at = new Date(now).toISOString();
  await moveTrainingJob(store(registry), ID, () => ({
    id: ID,
    model: 'm',
    file: 'train.csv',
    state: 'training',
    recipe,
    createdAt: at,
    updatedAt: at,
  }));
  const train = trainFunction({ inbox: store(inbox), registry: store(registry), learn, now: () => now });
  await train({ id: ID, key: KEY });
  return readTrainingJob(store(registry), ID);
}

const network: Lesson = {
  file: { name: 'model.onnx', bytes: bytes('network') },
  companions: [
    { name: 'drop.json', bytes: bytes('{}') },
    { name: 'examples.json', bytes: bytes('[]') },
  ],
  result: { kind: 'cnn' },
};

const epoch = (epoch: number) => ({ epoch, of: 9, loss: 1, validation: 2, seconds: 3 });

describe('what was learned', () => {
  it('lands with what goes with it, and its table goes', async () => {
    expect(await run(async () => network)).toMatchObject({ state: 'trained', result: { kind: 'cnn' } });
    expect((await store(inbox).list('')).toSorted()).toEqual([
      `inbox/m/trained-${ID}.drop.json`,
      `inbox/m/trained-${ID}.examples.json`,
      `inbox/m/trained-${ID}.onnx`,
    ]);
  });

  it('is told of while it is learned, once a second', async () => {
    const job = await run(async ({ tell }) => {
      tell(epoch(1));
      now += 999;
      tell(epoch(2));
      now += 1;
      tell(epoch(3));
      return network;
    });
    expect(job?.progress).toEqual(epoch(3));
    expect(job?.state).toBe('trained');
  });
});

describe('a training that does not come to an end', () => {
  it('has failed, with its words; the table is kept where what was refused is', async () => {
    const job = await run(() => Promise.reject(new TorchFailed('out of memory')));
    expect(job).toMatchObject({ state: 'failed', error: 'the training ended early: out of memory' });
    expect(await readDrop(store(registry), 'm', ID)).toMatchObject({ state: 'refused', error: job?.error });
    expect((await store(inbox).list('')).toSorted()).toEqual([
      'inbox/m/train.csv.report.json',
      'refused/m/drop.json',
      'refused/m/train.csv',
    ]);
  });

  it('for a reason that is not its own comes again', async () => {
    await expect(run(() => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
    expect(await readTrainingJob(store(registry), ID)).toMatchObject({ state: 'training' });
    expect(await store(inbox).list('inbox/')).toContain(KEY);
  });
});

it('a network is refused where none can be trained', async () => {
  expect(await run(learnIn(2 ** 30))).toMatchObject({
    state: 'refused',
    error: expect.stringContaining('run modeldrop train --kind cnn where PyTorch is'),
  });
});
