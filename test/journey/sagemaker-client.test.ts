import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';

const FLOWER = [6.1, 3.0, 4.6, 1.4];
const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

const clientWith = (accessKeyId: string): SageMakerRuntimeClient =>
  new SageMakerRuntimeClient({
    endpoint: platform.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'unused' },
    maxAttempts: 1,
  });

const invoke = (input: Partial<InvokeEndpointCommand['input']>, key = KEY) =>
  clientWith(key).send(new InvokeEndpointCommand({ EndpointName: 'iris', Body: '', ...input }));

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups) });
});

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

describe("the AWS SDK's SageMaker client, unmodified", () => {
  it.each([
    ['V1', { Body: JSON.stringify({ instances: [FLOWER] }), ContentType: 'application/json' }],
    ['MLflow', { Body: JSON.stringify({ dataframe_split: { data: [FLOWER] } }) }],
    ['CSV', { Body: FLOWER.join(','), ContentType: 'text/csv' }],
    ['LIBSVM', { Body: FLOWER.map((x, i) => `${i + 1}:${x}`).join(' '), ContentType: 'text/libsvm' }],
  ])('gets the label of a flower by a %s body', async (_, input) => {
    const { Body, ContentType, InvokedProductionVariant } = await invoke(input);
    expect(JSON.parse(Body.transformToString())).toEqual({ predictions: [1] });
    expect(ContentType).toBe('application/json');
    expect(InvokedProductionVariant).toBe('AllTraffic');
  });

  it('sends and gets binary tensors as Triton on SageMaker does', async () => {
    const header = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'input', shape: [1, 4], datatype: 'FP64', parameters: { binary_data_size: 32 } }],
        outputs: [{ name: 'predict', parameters: { binary_data: true } }],
      }),
    );
    const tensor = Buffer.alloc(32);
    FLOWER.forEach((x, i) => {
      tensor.writeDoubleLE(x, 8 * i);
    });
    const type = 'application/vnd.sagemaker-triton.binary+json;json-header-size=';
    const { Body, ContentType = '' } = await invoke({
      Body: Buffer.concat([header, tensor]),
      ContentType: `${type}${header.length}`,
    });
    expect(ContentType.startsWith(type)).toBe(true);
    const bytes = Buffer.from(Body);
    expect(bytes.readBigInt64LE(Number(ContentType.slice(type.length)))).toBe(1n);
  });

  it.each([
    ['an unknown endpoint', { EndpointName: 'tulip', Body: '{"instances":[[1]]}' }, KEY, 404],
    ['a row of the wrong width', { Body: '{"instances":[[1]]}' }, KEY, 422],
    ['no JSON', { Body: 'flower' }, KEY, 400],
    ['a key that nobody made', { Body: '{"instances":[[1]]}' }, 'AKIAUNKNOWN', 401],
  ])('gets an error that it understands for %s', async (_, input, key, status) => {
    const failure = await invoke(input, key).then(
      () => undefined,
      (error) => error,
    );
    expect(failure.$metadata.httpStatusCode).toBe(status);
    expect(failure.message).toMatch(/\w+ \w+/);
    if (status !== 401) expect(failure.name).toBe('ValidationError');
  });
});
