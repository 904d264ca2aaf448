import { awsSession } from '../store/aws-session.ts';
import { endpointInvoke } from './endpoint.ts';
import type { Invoke } from './invoke.ts';
import { sagemakerEndpoint } from './sagemaker.ts';
import { runtimeUrl, signing } from './signed.ts';

/** How the endpoint of that name is called from where `env` says that a function runs, and as whom. */
export function endpointInRegion(endpoint: string, env: NodeJS.ProcessEnv): Invoke {
  const standIn = env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME || env.AWS_ENDPOINT_URL || undefined;
  const session = { ...awsSession(env), endpoint: standIn };
  const url = runtimeUrl(session);
  const { invoke } = sagemakerEndpoint({ endpoint, url, sign: signing(url.host, session) });
  return endpointInvoke({ endpoint, invoke, now: () => performance.now() });
}
