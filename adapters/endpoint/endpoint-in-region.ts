import { awsSession } from '../store/aws-session.ts';
import { s3Store } from '../store/s3.ts';
import { s3Client } from '../store/s3-client.ts';
import type { StartAsync } from './async-invoke.ts';
import { endpointInvoke } from './endpoint.ts';
import type { Invoke } from './invoke.ts';
import { sagemakerEndpoint } from './sagemaker.ts';
import { sagemakerAsync } from './sagemaker-async.ts';
import { runtimeUrl, signing } from './signed.ts';

/** How the endpoint of that name is called from where `env` says that a function runs, and as whom. */
export function endpointInRegion(endpoint: string, env: NodeJS.ProcessEnv): Invoke {
  const { invoke } = sagemakerEndpoint({ endpoint, ...runtimeFor(env) });
  return endpointInvoke({ endpoint, invoke, now: () => performance.now() });
}

/** How asynchronous endpoints are asked by way of that bucket. */
export const asyncInRegion = (bucket: string, env: NodeJS.ProcessEnv): StartAsync =>
  sagemakerAsync({ bucket, store: s3Store({ bucket, client: s3Client() }), ...runtimeFor(env) }).start;

function runtimeFor(env: NodeJS.ProcessEnv) {
  const standIn = env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME || env.AWS_ENDPOINT_URL || undefined;
  const session = { ...awsSession(env), endpoint: standIn };
  const url = runtimeUrl(session);
  return { url, sign: signing(url.host, session) };
}
