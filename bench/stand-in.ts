import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createKey } from '../adapters/registry/keys.ts';
import { s3Store } from '../adapters/store/s3.ts';
import { s3Client } from '../adapters/store/s3-client.ts';
import { gatewayInFrontOf, type Invoke } from '../test/aws/gateway-in-front.ts';
import { cdk, OPERATOR, REGION } from '../test/aws/stand-in/cdk.ts';
import { startStandIn } from '../test/aws/stand-in/start.ts';

/** Where models are dropped, and asked. */
export interface Place {
  readonly url: string;
  put(model: string, file: string, bytes: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

/** The platform as it is deployed, on the stand-in of AWS. @throws Error where there is no moto */
export async function onStandIn(key: string): Promise<Place> {
  const aws = await startStandIn();
  if (aws === undefined) throw new Error('the stand-in needs moto');
  const folder = await mkdtemp(join(tmpdir(), 'modeldrop-stand-in-'));
  const tool = cdk(aws.url, folder);
  await tool.bootstrap();
  const { InboxBucket, RegistryBucket } = (await tool.deploy('dev'))['Modeldrop-dev-Storage'] ?? {};
  const place = { endpoint: aws.url, region: REGION, credentials: OPERATOR };
  const [s3, lambda] = [s3Client({ ...place, forcePathStyle: true }), new LambdaClient(place)];
  const names = await functionNames(lambda);
  const invoke =
    (verb: string): Invoke =>
    async (event) => {
      const command = new InvokeCommand({ FunctionName: names.get(verb), Payload: JSON.stringify(event) });
      const { Payload, FunctionError } = await lambda.send(command);
      const payload = JSON.parse(new TextDecoder().decode(Payload));
      return FunctionError === undefined ? { payload } : { payload, functionError: 'Unhandled' };
    };
  const gateway = await gatewayInFrontOf({
    authorize: invoke('authorize'),
    predict: invoke('predict'),
    catalog: invoke('catalog'),
    control: invoke('control'),
  });
  const grant = { name: 'bench', tenant: 'default', scopes: ['admin' as const], models: ['*'] };
  const registry = s3Store({ bucket: RegistryBucket as string, client: s3 });
  await createKey(registry, key, grant, { at: new Date().toISOString(), by: 'bench' });
  return {
    url: gateway.url,
    async put(model, file, bytes) {
      await s3.send(new PutObjectCommand({ Bucket: InboxBucket, Key: `inbox/${model}/${file}`, Body: bytes }));
    },
    async stop() {
      await gateway.close();
      await aws.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** By the verb that each is deployed for. */
async function functionNames(lambda: LambdaClient): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { Description = '', FunctionName = '' } of Functions) {
      const [, verb] = /: (\w+)$/.exec(Description) ?? [];
      if (verb !== undefined) names.set(verb, FunctionName);
    }
  }
  return names;
}
