import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { createKey, newSecret } from '../../adapters/registry/keys.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import type { LambdaName } from '../../functions/http/environment.ts';
import { dev } from '../../infra/aws/stages/dev.ts';
import type { Gateway } from '../../infra/local/gateway/gateway.ts';
import { expectClose } from '../closeness.ts';
import { slopeModel } from '../journey/slope-model.ts';
import { referenceFile, referenceJson } from '../reference.ts';
import { gatewayInFrontOf, type Invoke } from './gateway-in-front.ts';
import type { Credentials } from './lambda-runtime/configuration.ts';
import { emptyBucket } from './stand-in/bucket.ts';
import { type Cdk, cdk, environment, OPERATOR, type Outputs, REGION } from './stand-in/cdk.ts';
import type { Ran } from './stand-in/function-host.ts';
import { queues } from './stand-in/queue.ts';
import { skipped } from './stand-in/skipped.ts';
import { type StandIn, startStandIn } from './stand-in/start.ts';

const standIn = await startStandIn();

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => error.name,
  );

/** The whole life of a deployment, in order: each test goes on where the one before it ended. */
describe.skipIf(standIn === undefined)('a deployment', { timeout: 120_000 }, () => {
  const aws = standIn as StandIn;
  const timings: Record<string, number> = {};
  let folder: string;
  let tool: Cdk;
  let s3: S3Client;
  let lambda: LambdaClient;
  let outputs: Outputs;
  let gateway: Gateway;
  let key: string;
  const names = new Map<string, string>();

  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    timings[what] = (performance.now() - started) / 1_000;
    return result;
  };

  const output = (stack: 'Storage' | 'Serving', name: string): string =>
    outputs[`Modeldrop-dev-${stack}`]?.[name] as string;

  /** Calls a deployed function through Lambda. */
  const invoke =
    (verb: LambdaName): Invoke =>
    async (event) => {
      const command = new InvokeCommand({ FunctionName: names.get(verb), Payload: JSON.stringify(event) });
      const { Payload, FunctionError } = await lambda.send(command);
      const payload = JSON.parse(new TextDecoder().decode(Payload));
      return FunctionError === undefined ? { payload } : { payload, functionError: 'Unhandled' };
    };

  /** What the command of AWS answers. */
  const askAws = async (...args: string[]): Promise<Record<string, unknown>> => {
    const all = [...args, '--endpoint-url', aws.url, '--output', 'json'];
    return JSON.parse((await promisify(execFile)('aws', all, { env: environment(aws.url) })).stdout);
  };

  const ranOf = (verb: LambdaName): readonly Ran[] => aws.host.invocations(names.get(verb) as string);

  const nameFunctions = async (): Promise<void> => {
    for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
      for (const { Description = '', FunctionName = '' } of Functions) {
        const [, verb] = /: (\w+)$/.exec(Description) ?? [];
        if (verb !== undefined) names.set(verb, FunctionName);
      }
    }
  };

  const call = (path: string, body?: unknown, secret = key): Promise<Response> =>
    fetch(`${gateway.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${secret}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  /** What the model makes of 3; the status where there is no answer. */
  const ask = async (model: string): Promise<number> => {
    const response = await call(`/v1/models/${model}:predict`, { instances: [[3]] });
    if (!response.ok) return response.status;
    return ((await response.json()) as { predictions: number[] }).predictions[0] as number;
  };

  const until = async (expected: unknown, what: () => Promise<unknown>, seconds = 20): Promise<void> => {
    const deadline = performance.now() + seconds * 1_000;
    let found = await what();
    while (found !== expected && performance.now() < deadline) {
      await sleep(50);
      found = await what();
    }
    expect(found).toBe(expected);
  };

  const drop = (object: string, content: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: output('Storage', 'InboxBucket'), Key: object, Body: content }));

  const inInbox = (object: string): Promise<string | undefined> =>
    s3
      .send(new GetObjectCommand({ Bucket: output('Storage', 'InboxBucket'), Key: object }))
      .then(({ Body }) => Body?.transformToString())
      .catch((error) => {
        if (error.name === 'NoSuchKey') return undefined;
        throw error;
      });

  /** What is deployed at last. */
  let stage = 'dev';
  let broken = false;

  /** Prints what the other side said where a test fails. */
  const tellOnFailure = (): void =>
    onTestFailed(() => {
      broken = true;
      console.error(aws.complaints().slice(-8_000));
      for (const [verb, name] of names) console.error(`${verb}: ${aws.host.logs(name).slice(-2_000)}`);
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
    tool = cdk(aws.url, folder);
    const place = { endpoint: aws.url, region: REGION, credentials: OPERATOR };
    s3 = s3Client({ ...place, forcePathStyle: true });
    lambda = new LambdaClient(place);
    gateway = await gatewayInFrontOf({
      authorize: invoke('authorize'),
      predict: invoke('predict'),
      catalog: invoke('catalog'),
      control: invoke('control'),
    });
  });

  afterAll(async () => {
    await gateway?.close();
    await aws?.stop();
    await rm(folder, { recursive: true, force: true });
    for (const [what, seconds] of Object.entries(timings)) console.log(`${what}: ${seconds.toFixed(1)} s`);
  });

  beforeEach(({ skip }) => skip(broken, 'a step before it has failed'));

  test('is bootstrapped', async () => {
    tellOnFailure();
    await timed('bootstrap', tool.bootstrap);
  });

  test('comes from one command, and makes every resource of its stacks', async () => {
    tellOnFailure();
    outputs = await timed('deploy', () => tool.deploy('dev'));
    expect(aws.skipped().filter((type) => !(type in skipped))).toEqual([]);
    for (const type of aws.skipped()) console.log(`not made: ${type}, which ${skipped[type]}`);
    await nameFunctions();
    expect([...names.keys()].toSorted()).toEqual([
      'authorize',
      'catalog',
      'control',
      'deploy',
      'jobs',
      'predict',
      'train',
      'verify',
      'watch',
    ]);
  });

  test('answers who has no key, or a wrong one', async () => {
    tellOnFailure();
    expect((await fetch(`${gateway.url}/v2/health/live`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
    expect((await call('/v1/models', undefined, 'wrong')).status).toBe(401);
  });

  test('takes its first key from the operator’s own credentials', async () => {
    tellOnFailure();
    key = newSecret();
    const registry = s3Store({ bucket: output('Storage', 'RegistryBucket'), client: s3 });
    const grant = { name: 'admin', tenant: 'default', scopes: ['admin' as const], models: ['*'] };
    await createKey(registry, key, grant, { at: new Date().toISOString(), by: 'operator' });
    expect(await (await call('/v1/models')).json()).toEqual({ models: [] });
  });

  test('serves a model that is put into the inbox', async () => {
    tellOnFailure();
    expect(await ask('line')).toBe(404);
    await timed('from the put to the first right answer', async () => {
      await drop('inbox/line/model.json', slopeModel(1));
      await until(3, () => ask('line'));
    });
    await until(undefined, () => inInbox('inbox/line/model.json'));
  });

  test('serves an ONNX model that is put into the inbox', async () => {
    tellOnFailure();
    const { input, label } = referenceJson<{ input: number[][]; label: number[] }>('models/logistic.expected.json');
    const digits = async () => {
      const answer = await call('/v1/models/digits:predict', { instances: input });
      return answer.ok
        ? JSON.stringify(((await answer.json()) as { predictions: unknown }).predictions)
        : answer.status;
    };
    await timed('ONNX: from the put to the first right answer', async () => {
      await drop('inbox/digits/model.onnx', referenceFile('models/logistic.onnx').bytes);
      await until(JSON.stringify(label), digits);
    });
  });

  test('waits with a model for what its drop.json lists, and takes it up with the event of that', async () => {
    tellOnFailure();
    await drop('inbox/listed/drop.json', '{"files":["model.json","drop.json","examples.json"]}');
    await drop('inbox/listed/model.json', slopeModel(4));
    const state = async () =>
      ((await (await call('/v1/models/listed/drops')).json()) as { drops?: { state: string }[] }).drops?.[0]?.state;
    await until('received', state);
    await drop('inbox/listed/examples.json', '[{"inputs":{"instances":[[3]]},"outputs":[12]}]');
    await until(12, () => ask('listed'));
    expect(await (await call('/v1/models/listed/card')).json()).toMatchObject({ goldenExamples: 1 });
  });

  test('learns from a table that is put into the inbox', async () => {
    await drop('inbox/slope/drop.json', '{"kind": "linear"}');
    await timed('table to first answer', async () => {
      await drop(
        'inbox/slope/train.csv',
        `x,target\n${Array.from({ length: 40 }, (_, x) => `${x},${2 * x + 0.5}`).join('\n')}\n`,
      );
      await until(true, async () => Math.abs((await ask('slope')) - 6.5) < 1e-9);
    });
    expect(await inInbox('inbox/slope/train.csv')).toBeUndefined();
  });

  test('serves a model whose file is uploaded by a presigned URL', async () => {
    tellOnFailure();
    const content = slopeModel(2);
    const upload = await call('/v1/models/line/uploads', { file: 'model.json', sha256: sha256(Buffer.from(content)) });
    expect(upload.status).toBe(201);
    const { url, method, headers, drop } = (await upload.json()) as Record<string, string> & {
      headers: Record<string, string>;
    };
    const put = await fetch(url as string, { method: method as string, headers, body: content });
    expect(put.status).toBe(200);
    await until(6, () => ask('line'));
    const told = async () => (await (await call(`/v1/models/line/drops/${drop}`)).json()) as { state: string };
    await until('released', async () => (await told()).state);
    expect(await told()).toMatchObject({ version: 2 });
  });

  test('goes back by a rollback and forth by a release, in force within 5 s', async () => {
    tellOnFailure();
    expect((await call('/v1/models/line/rollback', {})).status).toBe(200);
    await until(3, () => ask('line'), 5);
    expect((await call('/v1/models/line/release', { stable: 2 })).status).toBe(200);
    await until(6, () => ask('line'), 5);
  });

  test('leaves a report beside a drop that it refuses, and goes on serving', async () => {
    tellOnFailure();
    await drop('inbox/line/model.pkl', 'not a model');
    await until(true, async () => (await inInbox('inbox/line/model.pkl.report.json')) !== undefined);
    expect(JSON.parse((await inInbox('inbox/line/model.pkl.report.json')) as string)).toEqual({
      error: expect.stringContaining('model.pkl'),
    });
    await until('not a model', () => inInbox('refused/line/model.pkl'));
    expect(await ask('line')).toBe(6);
  });

  test('takes keys literally', async () => {
    tellOnFailure();
    await drop('inbox/line/a+b %20 ü.json', slopeModel(5));
    await until(15, () => ask('line'));
    const { event } = ranOf('deploy').findLast(({ event }) => JSON.stringify(event).includes('a+b')) as Ran;
    expect(JSON.parse((event as SQSEvent).Records[0]?.body as string)).toMatchObject({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: {
        bucket: { name: output('Storage', 'InboxBucket') },
        object: {
          key: 'inbox/line/a+b %20 ü.json',
          etag: expect.stringMatching(/^[0-9a-f]{32}$/),
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          'version-id': expect.any(String),
        },
        reason: 'PutObject',
      },
    });
  });

  test('puts a poisonous message away after three tries, while others proceed', async () => {
    tellOnFailure();
    const sqs = queues(aws.url);
    const all = await sqs.find('Modeldrop-dev-Pipeline');
    const dead = all.find((url) => url.includes('DeadLetters')) as string;
    const queue = all.find((url) => url !== dead) as string;
    expect([all.length, await sqs.waiting(dead)]).toEqual([2, []]);
    const tries = () => ranOf('deploy').length;
    const before = tries();
    await sqs.send(queue, 'poison');
    await drop('inbox/other/model.json', slopeModel(7));
    await until(21, () => ask('other'));
    await until('poison', async () => (await sqs.waiting(dead))[0]);
    expect(tries() - before).toBeGreaterThanOrEqual(3 + 1);
  });

  interface Job {
    readonly id: string;
    readonly state: string;
    readonly result?: { readonly path: string };
  }

  test('makes a prediction that nobody waits for', async () => {
    tellOnFailure();
    const rows = Array.from({ length: 1_000 }, (_, i) => [i]);
    const asked = await call('/v1/models/line/jobs', { instances: rows });
    expect(asked.status).toBe(202);
    const { id } = (await asked.json()) as Job;
    const look = async () => (await (await call(`/v1/jobs/${id}`)).json()) as Job;
    await timed('job: from its start to its end', () => until('succeeded', async () => (await look()).state));
    const answer = (await (await call((await look()).result?.path as string)).json()) as { predictions: number[] };
    expect(answer.predictions).toEqual(rows.map(([x]) => 5 * (x as number)));
    expect(ranOf('jobs').map(({ event }) => event)).toEqual([{ job: id }]);
  });

  test('leads to the result of a job that is more than Lambda carries', async () => {
    tellOnFailure();
    const count = 500_000;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const asked = await fetch(`${gateway.url}/v1/models/line/jobs`, {
      method: 'POST',
      headers,
      body: `{"instances":[${Array(count).fill('1e9')}]}`,
    });
    const { id } = (await asked.json()) as Job;
    await until('succeeded', async () => ((await (await call(`/v1/jobs/${id}`)).json()) as Job).state, 60);
    const led = await fetch(`${gateway.url}/v1/jobs/${id}/result`, { headers, redirect: 'manual' });
    expect(led.status).toBe(303);
    const location = led.headers.get('location') as string;
    // S3 gives it this type, moto does not.
    expect(new URL(location).searchParams.get('response-content-type')).toBe('application/json');
    const answer = await fetch(location);
    expect(answer.status).toBe(200);
    const { predictions } = (await answer.json()) as { predictions: number[] };
    expect([predictions.length, new Set(predictions)]).toEqual([count, new Set([5e9])]);
  });

  test('tries a job three times where it can not be done, and keeps it for a person to see', async () => {
    tellOnFailure();
    const FunctionName = names.get('jobs');
    expect(FunctionName).toBe('modeldrop-dev-jobs');
    const Payload = JSON.stringify({ job: 'none of ours' });
    const { StatusCode } = await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
    expect(StatusCode).toBe(202);
    const sqs = queues(aws.url);
    const dead = (await sqs.find('DeadLetters'))[0] as string;
    const isJob = (body: string) => body.includes('none of ours');
    await until(true, async () => (await sqs.waiting(dead)).some(isJob));
    expect(JSON.parse((await sqs.waiting(dead)).find(isJob) as string)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { job: 'none of ours' },
      responsePayload: { errorType: 'TypeError', errorMessage: 'the request must be {"job": id}' },
    });
  });

  test('lets each function do what its work needs, and nothing else', async () => {
    tellOnFailure();
    const Bucket = output('Storage', 'RegistryBucket');
    const as = (verb: LambdaName): S3Client => {
      const credentials = aws.host.credentials(names.get(verb) as string) as Credentials;
      return s3Client({ endpoint: aws.url, region: REGION, forcePathStyle: true, credentials });
    };
    const get = (verb: LambdaName, Key: string) => outcome(as(verb).send(new GetObjectCommand({ Bucket, Key })));
    const put = (client: S3Client, Key: string, IfNoneMatch?: string) =>
      outcome(client.send(new PutObjectCommand({ Bucket, Key, Body: '{}', IfNoneMatch })));

    expect(await get('predict', 'channels/line.json')).toBe('done');
    expect(await get('predict', 'channels/none.json')).toBe('NoSuchKey');
    expect(await get('predict', 'keys/none.json')).toBe('AccessDenied');
    expect(await get('verify', 'channels/line.json')).toBe('AccessDenied');
    expect(await get('jobs', 'channels/line.json')).toBe('done');
    expect(await get('jobs', 'keys/none.json')).toBe('AccessDenied');
    expect(await put(as('jobs'), 'channels/new.json', '*')).toBe('AccessDenied');
    expect(await put(as('predict'), 'channels/new.json', '*')).toBe('AccessDenied');
    expect(await put(as('deploy'), 'keys/new.json', '*')).toBe('AccessDenied');
    expect(await put(as('deploy'), 'channels/line.json')).toBe('AccessDenied');
    expect(await put(as('deploy'), 'channels/line.json', '*')).toBe('PreconditionFailed');
    // Not even the operator overwrites what others count on.
    expect(await put(s3, 'models/line/1/manifest.json')).toBe('AccessDenied');
  });

  test('takes a change', async () => {
    tellOnFailure();
    const memory = { ...dev.memory, predict: 1_536 };
    stage = join(folder, 'changed.json');
    const gpu = { instance: 'ml.g4dn.xlarge', min: 1, max: 2 };
    const asyncGpu = { instance: 'ml.g4dn.xlarge', max: 3 };
    await writeFile(stage, JSON.stringify({ ...dev, memory, gpu, asyncGpu }));
    outputs = await timed('update', () => tool.deploy(stage));
    expect(await ask('line')).toBe(15);
    expect(ranOf('predict').at(-1)).toMatchObject({ memoryMegabytes: 1_536, initMs: expect.any(Number) });
  });

  test('has brought a GPU endpoint, which the changed stage asks for, and places models there', async () => {
    tellOnFailure();
    expect(outputs['Modeldrop-dev-Gpu']).toEqual({ EndpointName: 'modeldrop-dev' });
    const { EndpointConfigName } = await askAws('sagemaker', 'describe-endpoint', '--endpoint-name', 'modeldrop-dev');
    const { ProductionVariants } = await askAws(
      'sagemaker',
      'describe-endpoint-config',
      '--endpoint-config-name',
      EndpointConfigName as string,
    );
    expect(ProductionVariants).toMatchObject([{ InstanceType: 'ml.g4dn.xlarge', InitialInstanceCount: 1 }]);
    const targets = await askAws(
      'application-autoscaling',
      'describe-scalable-targets',
      '--service-namespace',
      'sagemaker',
    );
    expect(targets.ScalableTargets).toMatchObject([
      { ResourceId: 'endpoint/modeldrop-dev/variant/all', MinCapacity: 1, MaxCapacity: 2 },
    ]);

    await drop('inbox/far/drop.json', JSON.stringify({ placement: 'endpoint' }));
    await drop('inbox/far/model.onnx', referenceFile('models/digits-cnn.onnx').bytes);
    await until(200, async () => (await call('/v2/models/far')).status, 60);
    const registry = s3Store({ client: s3, bucket: output('Storage', 'RegistryBucket') });
    const [archive] = await registry.list('triton/');
    expect(archive).toMatch(/^triton\/[0-9a-f]{64}\.tar\.gz$/);
  });

  const endpointsOf = async (): Promise<string[]> => {
    const { Endpoints } = (await askAws('sagemaker', 'list-endpoints')) as { Endpoints: { EndpointName: string }[] };
    return Endpoints.map(({ EndpointName }) => EndpointName).filter((name) => name !== 'modeldrop-dev');
  };

  const { input: digits, logits } = referenceJson<{ input: number[][]; logits: number[][] }>(
    'models/digits-cnn.expected.json',
  );
  const slowRequest = Buffer.from(
    JSON.stringify({
      inputs: [{ name: 'input', datatype: 'FP32', shape: [digits.length, 1, 8, 8], data: digits.flat() }],
    }),
  );

  test('brings up an endpoint of its own for a model that asks for one, and serves it then', async () => {
    tellOnFailure();
    await drop('inbox/slow/drop.json', JSON.stringify({ placement: 'endpoint-async' }));
    await drop('inbox/slow/model.onnx', referenceFile('models/digits-cnn.onnx').bytes);
    type Drops = { drops?: { state: string; waitsFor?: string }[] };
    const last = async () => ((await (await call('/v1/models/slow/drops')).json()) as Drops).drops?.[0];
    await until('provisioning', async () => (await last())?.state, 60);
    expect(await last()).toMatchObject({ waitsFor: expect.stringContaining('an endpoint of its own') });
    expect((await call('/v2/models/slow')).status).toBe(404);
    await timed('asynchronous endpoint: from its creation to the release', () =>
      until('released', async () => (await last())?.state, 60),
    );
    const [name] = await endpointsOf();
    expect(name).toMatch(/^modeldrop-dev-[0-9a-f]{32}$/);
    const { Tags } = await askAws('sagemaker', 'list-tags', '--resource-arn', arnOf(name as string));
    expect(Tags).toEqual([{ Key: 'modeldrop:stage', Value: 'dev' }]);
    const { ScalableTargets } = (await askAws(
      'application-autoscaling',
      'describe-scalable-targets',
      '--service-namespace',
      'sagemaker',
    )) as { ScalableTargets: { ResourceId: string }[] };
    expect(ScalableTargets.find(({ ResourceId }) => ResourceId.includes(name as string))).toMatchObject({
      ResourceId: `endpoint/${name}/variant/all`,
      MinCapacity: 0,
      MaxCapacity: 3,
    });
    const { MetricAlarms } = await askAws('cloudwatch', 'describe-alarms', '--alarm-names', name as string);
    expect(MetricAlarms).toMatchObject([{ MetricName: 'HasBacklogWithoutCapacity', Threshold: 1 }]);
  });

  const arnOf = (name: string): string => `arn:aws:sagemaker:${REGION}:123456789012:endpoint/${name}`;

  test('sends who waits for such a model to its jobs', async () => {
    tellOnFailure();
    const refused = await call('/v2/models/slow/infer', JSON.parse(slowRequest.toString()));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining('/v1/models/slow/jobs') });
  });

  test('asks it by a job whose request is uploaded, and ends the job when the answer lies there', async () => {
    tellOnFailure();
    const query = `upload=${sha256(slowRequest)}&bytes=${slowRequest.length}`;
    const ask = () => call(`/v1/models/slow/jobs?${query}`, '');
    const asked = await ask();
    expect(asked.status).toBe(201);
    const { url, method, headers } = (await asked.json()) as {
      url: string;
      method: string;
      headers: Record<string, string>;
    };
    const put = () => fetch(url, { method, headers, body: slowRequest });
    expect((await put()).status).toBe(200);
    expect((await put()).status).toBe(412);
    const begun = await ask();
    expect(begun.status).toBe(202);
    const { id } = (await begun.json()) as Job;
    await timed('asynchronous job: from its start to its end', () =>
      until('succeeded', async () => ((await (await call(`/v1/jobs/${id}`)).json()) as Job).state, 30),
    );
    const { outputs } = (await (await call(`/v1/jobs/${id}/result`)).json()) as { outputs: { data: number[] }[] };
    expectClose(outputs[0]?.data ?? [], logits.flat(), 1e-4);
    const events = () => ranOf('jobs').map(({ event }) => event as { job?: string; answer?: string });
    const told = () => new Set(events().flatMap(({ answer }) => answer ?? []));
    // Once to ask; then only by the event of the answer, which may come twice.
    await until(1, async () => told().size);
    expect(events().filter(({ job }) => job === id)).toHaveLength(1);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const bucket = Buckets.find(({ Name }) => Name?.includes('asyncendpoints'))?.Name as string;
    const left = async () => (await s3Store({ client: s3, bucket }).list('')).filter((path) => !/^asked/.test(path));
    await until(0, async () => (await left()).length);
  });

  test('is gone after a destroy', async () => {
    tellOnFailure();
    const { Buckets: held = [] } = await s3.send(new ListBucketsCommand({}));
    for (const { Name = '' } of held) if (!Name.startsWith('cdk-')) await emptyBucket(s3, Name);
    await timed('destroy', () => tool.destroy(stage));
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name).filter((name) => !name?.startsWith('cdk-'))).toEqual([]);
    names.clear();
    await nameFunctions();
    expect([...names.keys()]).toEqual([]);
  });
});
