import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { s3Client } from '../../adapters/store/s3-client.ts';
import type { LambdaName } from '../../functions/http/environment.ts';
import type { Gateway } from '../../infra/local/gateway/gateway.ts';
import { type Ended, ended as endOf, start } from '../apps/cli/command.ts';
import { gatewayInFrontOf, type Invoke } from './gateway-in-front.ts';
import { cdk, environment, OPERATOR, REGION } from './stand-in/cdk.ts';
import { type StandIn, startStandIn } from './stand-in/start.ts';

const standIn = await startStandIn();

/** What an operator types, in order: each test goes on where the one before it ended. */
describe.skipIf(standIn === undefined)('an operator', { timeout: 180_000 }, () => {
  const aws = standIn as StandIn;
  let folder: string;
  let s3: S3Client;
  let lambda: LambdaClient;
  let gateway: Gateway;
  let key = '';

  /** The command in a process of its own, with the operator's credentials. */
  const type = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> => {
    const env = { ...(environment(aws.url) as Record<string, string>), MODELDROP_HOME: folder, ...more };
    const ended = await endOf(start(args, { env }));
    onTestFailed(() => console.error(args.join(' '), ended, aws.complaints().slice(-4_000)));
    return ended;
  };

  const functionOf = async (verb: LambdaName): Promise<string> => {
    for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
      for (const { Description = '', FunctionName = '' } of Functions) {
        if (Description.endsWith(`: ${verb}`)) return FunctionName;
      }
    }
    throw new Error(`${verb} is not deployed`);
  };

  const invoke =
    (verb: LambdaName): Invoke =>
    async (event) => {
      const FunctionName = await functionOf(verb);
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
      const payload = JSON.parse(new TextDecoder().decode(answer.Payload));
      return answer.FunctionError === undefined ? { payload } : { payload, functionError: 'Unhandled' };
    };

  const buckets = async (): Promise<string[]> =>
    ((await s3.send(new ListBucketsCommand({}))).Buckets ?? [])
      .map(({ Name = '' }) => Name)
      .filter((name) => !name.startsWith('cdk-'));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operator-'));
    const place = { endpoint: aws.url, region: REGION, credentials: OPERATOR };
    s3 = s3Client({ ...place, forcePathStyle: true });
    lambda = new LambdaClient(place);
    const [authorize, predict, catalog, control] = (['authorize', 'predict', 'catalog', 'control'] as const).map(
      invoke,
    );
    gateway = await gatewayInFrontOf({ authorize, predict, catalog, control } as Parameters<
      typeof gatewayInFrontOf
    >[0]);
  });

  afterAll(async () => {
    await gateway?.close();
    await aws?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const oneLine = (text: string): string[] => text.trim().split('\n');

  test('hears of a missing bootstrap before anything is made', async () => {
    const doctor = await type(['doctor', '--aws', '--json']);
    expect(doctor.code).toBe(1);
    const { checks } = JSON.parse(doctor.stdout) as { checks: { check: string; ok: boolean; mend?: string }[] };
    expect(checks.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(['bootstrap']);
    const deployed = await type(['deploy', '--yes']);
    expect(deployed.code).toBe(1);
    expect(deployed.stderr).toContain('bootstrap');
    expect(await buckets()).toEqual([]);
  });

  test('hears of a stage that can’t be in one line, with exit code 2', async () => {
    const file = join(folder, 'ours.json');
    await writeFile(file, '{"name": "ours", "memory": {"predict": 64}}');
    const { code, stderr } = await type(['deploy', '--stage', file, '--yes']);
    expect(code).toBe(2);
    expect(oneLine(stderr)).toEqual([expect.stringContaining('memory.predict')]);
  });

  test('hears of missing credentials in one line', async () => {
    const nobody = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: folder };
    const { code, stderr } = await type(['deploy', '--yes'], nobody);
    expect(code).toBe(2);
    expect(oneLine(stderr)).toEqual([expect.stringContaining('credentials: none are found')]);
    expect(await buckets()).toEqual([]);
  });

  test('deploys, gets the first admin key, and sees the example answer', async () => {
    await cdk(aws.url, folder).bootstrap();
    const { code, stdout } = await type(['deploy', '--yes', '--examples', '--json', '--url', gateway.url]);
    expect(code).toBe(0);
    const deployment = JSON.parse(stdout.trim().split('\n').at(-1) as string);
    expect(deployment).toMatchObject({ url: gateway.url, inbox: expect.any(String), registry: expect.any(String) });
    expect(deployment.proof).toBeTruthy();
    key = deployment.key.key ?? deployment.key;
    expect(key).toMatch(/^md[0-9a-f]{64}$/);
  });

  test('calls the platform with that key', async () => {
    const connection = { MODELDROP_URL: gateway.url, MODELDROP_KEY: key };
    const models = await type(['models', '--json'], connection);
    expect(models.stdout).toContain('linear-regression');
    const created = await type(
      ['keys', 'create', '--name', 'app', '--scopes', 'predict', '--models', 'linear-*'],
      connection,
    );
    expect(created.code).toBe(0);
  });

  test('makes another admin key by credentials alone', async () => {
    const { code, stdout } = await type(['keys', 'create', '--admin', '--name', 'second', '--stage', 'dev']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/md[0-9a-f]{64}/);
  });

  test('deploys again, which changes nothing', async () => {
    const { code, stderr } = await type(['deploy', '--yes', '--json', '--url', gateway.url], { MODELDROP_KEY: key });
    expect(code).toBe(0);
    expect(stderr.match(/: stays as it is$/gm)).toHaveLength(4);
  });

  test('destroys what costs, and keeps models and keys', async () => {
    expect((await type(['destroy', '--yes'])).code).toBe(0);
    expect(await buckets()).toHaveLength(2);
    await expect(functionOf('predict')).rejects.toThrow('is not deployed');
  });

  test('destroys the rest where told so', async () => {
    expect((await type(['destroy', '--data', '--yes'])).code).toBe(0);
    expect(await buckets()).toEqual([]);
  });
});
