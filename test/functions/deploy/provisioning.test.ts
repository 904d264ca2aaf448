import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asyncEndpointName } from '../../../adapters/endpoint/async-endpoint-name.ts';
import { eraseVersions } from '../../../adapters/registry/erasure.ts';
import { layout } from '../../../adapters/registry/layout.ts';
import { asyncEndpoints } from '../../../adapters/sagemaker/async-endpoints.ts';
import { type DeployHandler, deployFunction } from '../../../functions/deploy/handler.ts';
import { messageOf } from '../../../functions/deploy/message.ts';
import type { Postponed } from '../../../functions/deploy/provision.ts';
import { type FakeAsyncControl, fakeAsyncControl } from '../../fake-async-control.ts';
import { line } from '../../models/formats/onnx/written.ts';
import { type WatchedStore, watchedStore } from '../../watched-store.ts';
import { landed } from '../house.ts';
import { noTraining } from '../no-training.ts';
import { verifyInProcess } from '../verify-in-process.ts';

const KEY = 'inbox/m/model.onnx';

let aws: FakeAsyncControl;
let inbox: WatchedStore;
let registry: WatchedStore;
let postponed: Postponed[];
let verified: number;
let deploy: DeployHandler;

beforeEach(async () => {
  [aws, inbox, registry, postponed, verified] = [await fakeAsyncControl(), watchedStore(), watchedStore(), [], 0];
  const verify = verifyInProcess(inbox);
  deploy = deployFunction({
    inbox,
    registry,
    verify: (...all) => {
      verified += 1;
      return verify(...all);
    },
    train: noTraining,
    hasEndpoint: false,
    provisioning: {
      endpoints: asyncEndpoints(aws.session, {
        stage: 'modeldrop-dev',
        image: 'image',
        role: 'role',
        instance: 'ml.g4dn.xlarge',
        machineImage: 'ami',
        max: 1,
        archives: 's3://registry/triton/',
        answers: 's3://async/answers',
        failures: 's3://async/answers/failed',
        logDays: 7,
        tags: {},
      }),
      later: async (what) => void postponed.push(what),
    },
    now: Date.now,
    log: { info: () => {}, error: () => {} },
  });
});
afterEach(() => aws.close());

const lay = async (placement = 'endpoint-async', model = 'm') => {
  await inbox.create(`inbox/${model}/drop.json`, Buffer.from(JSON.stringify({ placement })));
  await inbox.create(`inbox/${model}/model.onnx`, line());
};

const run = async (event: SQSEvent): Promise<void> => {
  expect((await deploy(event)).batchItemFailures).toEqual([]);
};

/** Takes up what was postponed last, as SQS brings it a minute later. */
const later = (): Promise<void> => {
  const what = postponed.pop() as Postponed;
  return run({ Records: [{ messageId: '1', body: JSON.stringify(messageOf(what)) }] } as SQSEvent);
};

const documents = async (prefix: string) =>
  Promise.all(
    (await registry.list(prefix)).map(async (path) =>
      JSON.parse(Buffer.from((await registry.read(path))?.bytes ?? []).toString()),
    ),
  );

const theDrop = async () => (await documents('drops/m/'))[0];
const archives = () => registry.list('triton/');
const becomes = (EndpointStatus: string, more = {}): void => {
  for (const name of aws.endpoints.keys()) aws.endpoints.set(name, { EndpointStatus, ...more });
};
const report = async () => JSON.parse(Buffer.from((await inbox.read(`${KEY}.report.json`))?.bytes ?? []).toString());

describe('a model that is to have an endpoint of its own', () => {
  test('waits for it, says so, and is served once it is in service', async () => {
    await lay();
    await run(landed(KEY));
    expect(await theDrop()).toMatchObject({
      state: 'provisioning',
      waitsFor: 'an endpoint of its own, which SageMaker takes some minutes to bring up',
    });
    expect(await registry.list('models/')).toEqual([]);
    await later();
    await later();
    expect(verified).toBe(1);
    becomes('InService');
    await later();
    expect(await theDrop()).toMatchObject({ state: 'released', version: 1, servesAs: 'stable' });
    expect(await theDrop()).not.toHaveProperty('waitsFor');
    const [manifest] = await documents('models/m/1/');
    expect(manifest).toMatchObject({ placement: 'endpoint-async' });
    expect([...aws.endpoints.keys()]).toEqual([asyncEndpointName('modeldrop-dev', manifest.triton)]);
    expect(aws.asked.map(({ action }) => action)).toContain('RegisterScalableTarget');
    expect(await inbox.list('inbox/')).toEqual([]);
    expect(postponed).toEqual([]);
  });

  test('is served at once where its archive has one already', async () => {
    await lay();
    await run(landed(KEY));
    becomes('InService');
    await later();
    await lay('endpoint-async', 'twin');
    await run(landed('inbox/twin/model.onnx'));
    expect((await documents('drops/twin/'))[0]).toMatchObject({ state: 'released' });
    expect(aws.endpoints.size).toBe(1);
  });

  test('is refused in SageMaker’s words where it fails, and leaves nothing behind', async () => {
    await lay();
    await run(landed(KEY));
    becomes('Failed', { FailureReason: 'The primary container did not pass the ping health check.' });
    await later();
    expect(await report()).toEqual({
      error:
        'SageMaker could not bring up an endpoint for the model: The primary container did not pass the ping health check.; mend that, and drop it again',
    });
    expect(await theDrop()).toMatchObject({ state: 'refused' });
    expect([await archives(), await registry.list('models/'), aws.endpoints.size]).toEqual([[], [], 0]);
    expect(postponed).toEqual([]);
  });

  test('begins anew where it is dropped again after that', async () => {
    await lay();
    await run(landed(KEY));
    becomes('Failed');
    await later();
    await lay();
    await run(landed(KEY));
    expect(await theDrop()).toMatchObject({ state: 'provisioning' });
    becomes('InService');
    await later();
    expect(await theDrop()).toMatchObject({ state: 'released' });
  });

  test('is refused at once where its account has no such instance', async () => {
    aws.refuse(
      'CreateEndpoint',
      'ResourceLimitExceeded',
      'The limit for ml.g4dn.xlarge for endpoint usage is 0 Instances',
    );
    await lay();
    await run(landed(KEY));
    expect((await report()).error).toContain('ml.g4dn.xlarge for endpoint usage is 0 Instances');
    expect(await archives()).toEqual([]);
  });

  test('has its endpoint taken away where its files were taken away meanwhile', async () => {
    await lay();
    await run(landed(KEY));
    for (const key of await inbox.list('inbox/')) await inbox.delete(key, (await inbox.read(key))?.etag as string);
    becomes('InService');
    await later();
    expect([await archives(), aws.endpoints.size]).toEqual([[], 0]);
  });

  test('waits on where its endpoint went while it waited', async () => {
    await lay();
    await run(landed(KEY));
    aws.endpoints.clear();
    await later();
    expect(await theDrop()).toMatchObject({ state: 'provisioning' });
    expect([aws.endpoints.size, postponed.length, (await archives()).length]).toEqual([1, 1, 1]);
  });

  test('is tried again, and keeps its endpoint, where AWS does not answer', async () => {
    await lay();
    await run(landed(KEY));
    const [what] = postponed;
    aws.refuse('DescribeEndpoint', 'ThrottlingException', 'Rate exceeded');
    const body = JSON.stringify(messageOf(what as Postponed));
    const { batchItemFailures } = await deploy({ Records: [{ messageId: '1', body }] } as SQSEvent);
    expect(batchItemFailures).toHaveLength(1);
    expect(aws.endpoints.size).toBe(1);
  });
});

describe('an archive that is erased with its last version', () => {
  let key: string;
  beforeEach(async () => {
    await lay();
    await run(landed(KEY));
    becomes('InService');
    await later();
    key = (await archives())[0] as string;
  });

  test('takes its endpoint with it', async () => {
    await eraseVersions(registry, 'm', 2);
    expect(await archives()).toEqual([]);
    await run(landed(key));
    expect(aws.endpoints.size).toBe(0);
    expect(aws.asked.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'DeregisterScalableTarget',
        'DeleteAlarms',
        'DeleteEndpoint',
        'DeleteEndpointConfig',
        'DeleteModel',
      ]),
    );
    await run(landed(key));
  });

  test('leaves it where the archive is there again', async () => {
    expect(key).toBe(layout.triton(key.slice(7, 71)));
    await run(landed(key));
    expect(aws.endpoints.size).toBe(1);
  });

  test('waits until it can be taken away', async () => {
    await eraseVersions(registry, 'm', 2);
    becomes('Updating');
    await run(landed(key));
    expect(aws.endpoints.size).toBe(1);
    becomes('InService');
    await later();
    expect(aws.endpoints.size).toBe(0);
  });
});
