import { beforeEach, describe, expect, it } from 'vitest';
import { createKey, newSecret } from '../../../adapters/registry/keys.ts';
import { sha256 } from '../../../adapters/registry/sha256.ts';
import { moveTrainingJob } from '../../../adapters/registry/training-jobs.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { deployFunction } from '../../../functions/deploy/handler.ts';
import { dropId } from '../../../functions/http/inbox.ts';
import type { Log } from '../../../functions/http/log.ts';
import { jobsFunction } from '../../../functions/jobs/handler.ts';
import { trainFunction } from '../../../functions/train/handler.ts';
import { contextOf, landed, type Process, processOf, type Reply, type Request, send } from '../../functions/house.ts';
import { knownModels } from '../../functions/models.ts';
import { noTraining } from '../../functions/no-training.ts';
import { verifyInProcess } from '../../functions/verify-in-process.ts';
import { memoryStore } from '../../memory-store.ts';
import { AccessDenied, type BucketName, grantedStore } from './granted-store.ts';
import { stages, synthesized } from './synthesized.ts';

const silent: Log = { info: () => {}, error: () => {} };
const [known] = Object.values(knownModels);

let inbox: Store;
let registry: Store;
let denied: string[];
let house: Process;
let admin: string;

const granted = (verb: string, bucket: BucketName): Store =>
  grantedStore(bucket === 'Inbox' ? inbox : registry, { synthesized: synthesized(stages.dev), verb, bucket }, denied);

beforeEach(async () => {
  [inbox, registry, denied] = [memoryStore(), memoryStore(), []];
  const processFor = (verb: keyof Process) => processOf(granted(verb, 'Registry'), Date.now)[verb];
  house = {
    authorize: processFor('authorize') as Process['authorize'],
    predict: processFor('predict') as Process['predict'],
    catalog: processFor('catalog') as Process['catalog'],
    control: processFor('control') as Process['control'],
  };
  admin = newSecret();
  const grant = { name: 'first', tenant: 'default', scopes: ['admin' as const], models: ['*'] };
  await createKey(registry, admin, grant, { at: new Date().toISOString(), by: 'operator' });
});

async function drop(file: string, bytes: Uint8Array): Promise<number> {
  await inbox.create(`inbox/m/${file}`, bytes);
  const deploy = deployFunction({
    inbox: granted('deploy', 'Inbox'),
    registry: granted('deploy', 'Registry'),
    verify: verifyInProcess(inbox),
    train: noTraining,
    hasEndpoint: false,
    now: Date.now,
    log: silent,
  });
  return (await deploy(landed(`inbox/m/${file}`))).batchItemFailures.length;
}

const ask = (request: Request): Promise<Reply> => send(house, { key: admin, ...request });

const changed = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.from('\n')]);

describe('with the roles of the stack', () => {
  it('drops are published, released, refused and taken away', async () => {
    expect(await drop(known.file, known.bytes)).toBe(0);
    expect(await drop(known.file, changed(known.bytes))).toBe(0);
    expect(await drop('broken.json', Buffer.from('{'))).toBe(0);
    expect(denied).toEqual([]);
    expect(await inbox.list('')).toEqual(['inbox/m/broken.json.report.json', 'refused/m/broken.json']);
    expect(await drop('broken.json', Buffer.from('{'))).toBe(0);
    expect(denied).toEqual([]);
  });

  it('a job is begun, predicted, read, cancelled, and its request taken away', async () => {
    await drop(known.file, known.bytes);
    const jobs = jobsFunction({
      registry: granted('jobs', 'Registry'),
      predict: processOf(granted('jobs', 'Registry'), Date.now).predict,
      leaseMs: 60_000,
      now: Date.now,
      log: silent,
    });
    const begin = async () => {
      const answer = await ask({ method: 'POST', path: '/v1/models/m/jobs', body: { instances: known.rows } });
      return (answer.json as { id: string }).id;
    };
    const id = await begin();
    await jobs({ job: id }, contextOf());
    expect((await ask({ path: `/v1/jobs/${id}` })).json).toMatchObject({ state: 'succeeded' });
    expect((await ask({ path: `/v1/jobs/${id}/result` })).status).toBe(200);
    const other = await begin();
    expect((await ask({ method: 'DELETE', path: `/v1/jobs/${other}` })).status).toBe(200);
    await jobs({ job: other }, contextOf());
    expect(denied).toEqual([]);
    expect((await registry.list('jobs/')).filter((path) => path.includes('request'))).toEqual([]);
  });

  it('a network is begun, and taken up when it ends', async () => {
    const grantedTrain = (bucket: BucketName): Store =>
      grantedStore(
        bucket === 'Inbox' ? inbox : registry,
        { synthesized: synthesized(stages.lavish), verb: 'train', bucket },
        denied,
      );
    const started: string[] = [];
    const train = trainFunction({
      inbox: grantedTrain('Inbox'),
      registry: grantedTrain('Registry'),
      learn: () => Promise.reject(new Error('nothing is learned here')),
      networks: {
        program: async () => Buffer.from('program'),
        start: async (name) => void started.push(name),
        prefix: 'modeldrop-lavish-',
        memoryBytes: 2 ** 30,
      },
      now: Date.now,
    });
    const at = new Date().toISOString();
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 7},${i % 2}`);
    const table = Buffer.from(['a,b,target', ...rows].join('\n'));
    const key = 'inbox/m/train.csv';
    const id = dropId(key, sha256(table));
    await inbox.create(key, table);
    const job = { id, model: 'm', file: 'train.csv', state: 'training', recipe: { kind: 'rnn' } } as const;
    await moveTrainingJob(registry, id, () => ({ ...job, createdAt: at, updatedAt: at }));
    await train({ id, key });
    await train({ TrainingJobName: started[0] as string, TrainingJobStatus: 'Completed' });
    expect(denied).toEqual([]);
    expect(await inbox.list('')).toEqual(['inbox/m/train.csv.report.json', 'refused/m/train.csv']);
    expect((await registry.list('jobs/network-tasks/')).length).toBe(7);
  });

  it('everything is found, and what is not there is missed', async () => {
    await drop(known.file, known.bytes);
    const [id] = (await registry.list('drops/')).map((path) => path.split('/')[2]?.replace('.json', ''));
    const found = [
      '/',
      '/openapi.json',
      '/v2',
      '/v2/models',
      '/v1/models',
      '/v1/keys',
      '/v2/models/m',
      '/v1/models/m/card',
    ];
    for (const path of [...found, '/v1/models/m/versions', '/v1/models/m/drops', `/v1/models/m/drops/${id}`]) {
      expect([path, (await ask({ path })).status]).toEqual([path, 200]);
    }
    for (const path of ['/v2/models/none', '/v1/models/m/drops/0123456789abcdef', '/v2/models/m/versions/9']) {
      expect([path, (await ask({ path })).status]).toEqual([path, 404]);
    }
    expect((await ask({ path: '/v2', key: 'unknown' })).status).toBe(401);
    expect(denied).toEqual([]);
  });

  it('models are asked, released, rolled back and erased', async () => {
    const post = (path: string, body: unknown = {}) => ask({ method: 'POST', path, body });
    await drop(known.file, known.bytes);
    await drop(known.file, changed(known.bytes));
    const { inputs } = (await ask({ path: '/v2/models/m' })).json as { inputs: { name: string; shape: number[] }[] };
    const width = inputs[0]?.shape[1] as number;
    const rows = [Array.from({ length: width }, () => 0.5)];
    expect((await post('/v1/models/m:predict', { instances: rows })).status).toBe(200);
    expect((await post('/v1/models/none:predict', { instances: rows })).status).toBe(404);
    expect((await post('/v1/models/m/release', { canary: { version: 1, weight: 0.1 } })).status).toBe(200);
    expect((await post('/v1/models/m/rollback')).status).toBe(200);
    const sha256 = '0'.repeat(64);
    expect((await post('/v1/models/m/uploads', { file: 'model.json', sha256 })).status).toBe(201);
    expect((await ask({ method: 'DELETE', path: '/v1/models/m' })).status).toBe(204);
    expect(await drop(known.file, known.bytes)).toBe(0);
    expect(denied).toEqual([]);
  });

  it('keys are made, listed and revoked', async () => {
    const body = { name: 'k', scopes: ['predict'], models: ['*'] };
    const { id } = (await ask({ method: 'POST', path: '/v1/keys', body })).json as { id: string };
    expect((await ask({ method: 'DELETE', path: `/v1/keys/${id}` })).status).toBe(204);
    expect(denied).toEqual([]);
  });

  it('nobody does what is not theirs', async () => {
    await expect(granted('predict', 'Registry').read('keys/k.json')).rejects.toThrow(AccessDenied);
    await expect(granted('predict', 'Registry').list('models')).rejects.toThrow(AccessDenied);
    await expect(granted('catalog', 'Registry').read('blobs/b')).rejects.toThrow(AccessDenied);
    await expect(granted('authorize', 'Registry').create('keys/k.json', known.bytes)).rejects.toThrow(AccessDenied);
    await expect(granted('control', 'Inbox').read('inbox/m/model.json')).rejects.toThrow(AccessDenied);
    await expect(granted('deploy', 'Inbox').create('inbox/m/model.json', known.bytes)).rejects.toThrow(AccessDenied);
    await expect(granted('verify', 'Inbox').read('inbox/m/model.json')).rejects.toThrow(AccessDenied);
    expect(denied).toHaveLength(7);
  });
});
