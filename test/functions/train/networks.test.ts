import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDrop } from '../../../adapters/registry/drops.ts';
import { readTrainingJob } from '../../../adapters/registry/training-jobs.ts';
import { trainingJobs } from '../../../adapters/sagemaker/training-jobs.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { deployFunction } from '../../../functions/deploy/handler.ts';
import type { TrainRequest } from '../../../functions/http/training-request.ts';
import { type TrainHandler, trainFunction } from '../../../functions/train/handler.ts';
import { learnIn } from '../../../functions/train/learn.ts';
import { orderFor, PROGRAM_FILE, type TrainingEnded } from '../../../functions/train/network-order.ts';
import { type FakeSagemaker, fakeSagemaker } from '../../fake-sagemaker.ts';
import { memoryStore } from '../../memory-store.ts';
import { pythonWith } from '../../python.ts';
import { landed } from '../house.ts';
import { verifyInProcess } from '../verify-in-process.ts';

// PyTorch takes its time to start where others take theirs.
vi.setConfig({ testTimeout: 180_000 });

const python = pythonWith('torch', 'numpy');
const KEY = 'inbox/halves/train.csv';
const PREFIX = 'modeldrop-test-';
const SITE = { image: 'pytorch', role: 'arn:aws:iam::1:role/r', instance: 'ml.m5.large', maxSeconds: 600 };
const bytes = (text: string) => new TextEncoder().encode(text);

/** 4 x 4 pixels, of which the upper or the lower half is brighter. */
const table = [
  [...Array.from({ length: 16 }, (_, i) => `pixel${i}`), 'target'].join(','),
  ...Array.from({ length: 120 }, (_, row) => {
    const isBright = (pixel: number) => pixel < 8 === (row % 2 === 0);
    const pixels = Array.from({ length: 16 }, (_, i) => ((row * 7 + i * 13) % 5) + (isBright(i) ? 5 : 0));
    return [...pixels, row % 2 ? 'low' : 'high'].join(',');
  }),
].join('\n');

let inbox: Store;
let registry: Store;
let sagemaker: FakeSagemaker;
let train: TrainHandler;
let requests: TrainRequest[];

beforeEach(async () => {
  [inbox, registry, requests] = [memoryStore(), memoryStore(), []];
  sagemaker = await fakeSagemaker(registry);
  const service = trainingJobs(sagemaker.session);
  train = trainFunction({
    inbox,
    registry,
    learn: learnIn(2 ** 30),
    networks: {
      program: async () => readFileSync(`trainers/${PROGRAM_FILE}`),
      start: (name) => service.start(orderFor('registry', name), SITE),
      prefix: PREFIX,
      memoryBytes: 2 ** 30,
    },
    now: Date.now,
  });
});

afterEach(() => sagemaker.close());

/** Has the deploy function take up a key. */
async function takeUp(key: string): Promise<void> {
  const deploy = deployFunction({
    inbox,
    registry,
    verify: verifyInProcess(inbox, registry),
    train: async (request) => void requests.push(request),
    hasEndpoint: false,
    now: Date.now,
    log: { info: () => {}, error: () => {} },
  });
  expect((await deploy(landed(key))).batchItemFailures).toEqual([]);
}

/** Drops the table and begins its training. */
async function begin(more: object = {}, text = table): Promise<{ id: string; name: string }> {
  const recipe = { kind: 'cnn', epochs: 12, hidden: 8, channels: 4, rate: 0.01, ...more };
  await inbox.create('inbox/halves/drop.json', bytes(JSON.stringify(recipe)));
  await inbox.create(KEY, bytes(text));
  await takeUp(KEY);
  const [request] = requests;
  await train(request as TrainRequest);
  const id = (request as TrainRequest).id;
  return { id, name: (await jobOf(id))?.trainedBy ?? '' };
}

const remove = async (store: Store, key: string) => store.delete(key, (await store.read(key))?.etag ?? '');
const jobOf = (id: string) => readTrainingJob(registry, id);
const filesIn = async (folder: string) => (await inbox.list(folder)).toSorted();

describe('a network that SageMaker trains', () => {
  it.skipIf(!python)('is dropped with its labels, proved by the answers of PyTorch, and served', async () => {
    const { id, name } = await begin();
    expect(name).toMatch(new RegExp(`^${PREFIX}${id}-[0-9a-f]{8}$`));
    expect(await jobOf(id)).toMatchObject({ state: 'training', recipe: { kind: 'cnn' } });
    const service = trainingJobs(sagemaker.session);
    expect(await service.progress(name)).toBeUndefined();
    await train(await sagemaker.run(name, python as string));
    expect(await service.progress(name)).toMatchObject({ of: 12, loss: expect.any(Number) });
    const job = await jobOf(id);
    expect(job).toMatchObject({ state: 'trained', result: { kind: 'cnn', classes: ['high', 'low'] } });
    expect(await filesIn('')).toEqual(
      ['drop.json', 'examples.json', 'onnx'].map((file) => `inbox/halves/trained-${id}.${file}`),
    );
    // SageMaker may tell an end several times.
    await train({ TrainingJobName: name, TrainingJobStatus: 'Completed' });
    expect(await jobOf(id)).toEqual(job);
    await takeUp(`inbox/halves/trained-${id}.onnx`);
    expect(await readDrop(registry, 'halves', id)).toMatchObject({ state: 'released', version: 1 });
    expect(await filesIn('')).toEqual([]);
    const [manifest] = await registry.list('models/halves/');
    const text = new TextDecoder().decode((await registry.read(manifest as string))?.bytes);
    for (const word of ['"pixel15"', '"high"']) expect(text).toContain(word);
  });

  it('is started once, however often it is asked for', async () => {
    const { id, name } = await begin();
    await takeUp(KEY);
    for (const request of requests) await train(request);
    expect(new Set(sagemaker.asked.map((asked) => asked.TrainingJobName))).toEqual(new Set([name]));
    expect(sagemaker.asked.length).toBe(3);
    expect(await jobOf(id)).toMatchObject({ state: 'training', trainedBy: name });
  });

  it('runs under another name when it is begun anew', async () => {
    const { id, name } = await begin();
    await train({ TrainingJobName: name, TrainingJobStatus: 'Stopped' });
    requests = [];
    const again = await begin({ epochs: 13 });
    expect(again.id).toBe(id);
    expect(again.name).not.toBe(name);
  });
});

describe('a training that does not come to an end has failed', () => {
  const failed = async (id: string, error: string) => {
    expect(await jobOf(id)).toMatchObject({ state: 'failed', error: `the training ended early: ${error}` });
    expect(await readDrop(registry, 'halves', id)).toMatchObject({ state: 'refused' });
    expect(await filesIn('refused/')).toEqual(['refused/halves/drop.json', 'refused/halves/train.csv']);
  };

  it.each<[string, Partial<TrainingEnded>, string]>([
    ['with the words that SageMaker has', { FailureReason: 'CapacityError' }, 'CapacityError'],
    [
      'where its time is up',
      { TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' },
      "it took longer than the stage's training.maxSeconds",
    ],
    ['where somebody stopped it', { TrainingJobStatus: 'Stopped' }, 'SageMaker says Stopped'],
    ['where it left nothing', { TrainingJobStatus: 'Completed' }, 'it left no model.tar.gz'],
  ])('%s', async (_, ended, error) => {
    const { id, name } = await begin();
    await train({ TrainingJobName: name, TrainingJobStatus: 'Failed', ...ended });
    await failed(id, error);
  });

  it.skipIf(!python)('with the words of the program', async () => {
    const { id, name } = await begin();
    await remove(registry, `jobs/network-tasks/${name}/train.f32`);
    await train(await sagemaker.run(name, python as string));
    expect((await jobOf(id))?.error).toMatch(/AlgorithmError: FileNotFoundError: .*train\.f32/);
  });

  it('where the account may not start it, with the words of AWS', async () => {
    sagemaker.refuseNext(400, 'ResourceLimitExceeded', 'the limit of ml.m5.large for training job usage is 0');
    const { id } = await begin();
    await failed(id, 'SageMaker did not start it: the limit of ml.m5.large for training job usage is 0');
  });
});

it('what may pass is tried again', async () => {
  sagemaker.refuseNext(400, 'ThrottlingException', 'Rate exceeded');
  await expect(begin()).rejects.toThrow('CreateTrainingJob was answered 400 ThrottlingException');
  const [{ id }] = requests as [TrainRequest];
  expect(await jobOf(id)).toMatchObject({ state: 'training' });
  await train(requests[0] as TrainRequest);
  expect(sagemaker.asked.map((asked) => asked.TrainingJobName)).toEqual([(await jobOf(id))?.trainedBy]);
});

it('a table that no network can learn from starts nothing', async () => {
  const { id } = await begin({}, 'a,b,target\n1,x,0\n2,y,1\n3,z,0\n4,w,1\n');
  expect(await jobOf(id)).toMatchObject({ state: 'refused', error: expect.stringContaining('must be numbers') });
  expect(sagemaker.asked).toEqual([]);
});

it('a table that was replaced meanwhile is learned from for itself, and the other one not at all', async () => {
  const { id, name } = await begin();
  await remove(inbox, KEY);
  await inbox.create(KEY, bytes(`${table}\n`));
  await train({ TrainingJobName: name, TrainingJobStatus: 'Completed' });
  expect(await jobOf(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('replaced by another one') });
  expect(await filesIn('inbox/')).toContain(KEY);
});

it('trainings of others are left alone', async () => {
  const { id, name } = await begin();
  const others = ['somebody-elses', `modeldrop-other-${id}-00000000`, `${PREFIX}${id}-00000000`, `${name}x`];
  for (const TrainingJobName of others) await train({ TrainingJobName, TrainingJobStatus: 'Failed' });
  expect(await jobOf(id)).toMatchObject({ state: 'training' });
});
