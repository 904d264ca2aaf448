import { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeLambda, startLambda } from '../../adapters/lambda/invoke.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3PresignGet } from '../../adapters/store/presign.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { deployFunction } from './handler.ts';
import type { Provisioning } from './provision.ts';
import { verifyRemotely } from './verify-remotely.ts';

const environment = readEnvironment('deploy', process.env);
const client = s3Client();
const lambda = new LambdaClient();
/** Absent where the stage has no asynchronous endpoints. */
const asyncSite = process.env.MODELDROP_ASYNC_SITE;
const bucket = environment.MODELDROP_INBOX_BUCKET;

/** Most stages need nothing of it. */
async function provisioningAt(site: string): Promise<Provisioning> {
  const { provisioningOnAws } = await import('./provisioning-on-aws.ts');
  const session = { ...awsSession(process.env), endpoint: process.env.AWS_ENDPOINT_URL || undefined };
  return provisioningOnAws(session, JSON.parse(site));
}

export const handler = deployFunction({
  inbox: s3Store({ bucket, client }),
  registry: s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client }),
  verify: verifyRemotely({
    presign: s3PresignGet({ bucket, client }),
    presignBlob: s3PresignGet({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client }),
    invoke: invokeLambda({ client: lambda, functionName: environment.MODELDROP_VERIFY_FUNCTION }),
  }),
  train: startLambda({ client: lambda, functionName: environment.MODELDROP_TRAIN_FUNCTION }),
  hasEndpoint: Boolean(process.env.MODELDROP_ENDPOINT),
  ...(asyncSite && { provisioning: await provisioningAt(asyncSite) }),
  now: Date.now,
  log: powertoolsLog('deploy'),
});
