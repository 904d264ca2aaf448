import { awsSession } from '../store/aws-session.ts';
import type { Store } from '../store/store.ts';
import type { StartAsync } from './async-invoke.ts';
import type { EndpointPort } from './endpoint-port.ts';
import { EndpointUnavailable } from './failures.ts';
import { sagemakerAsync } from './sagemaker-async.ts';
import { runtimeUrl, signing } from './signed.ts';

export interface AsyncStage {
  /** What the names of its asynchronous endpoints begin with. */
  readonly stage: string;
  /** What they are asked through, by its name and as a store. */
  readonly bucket: string;
  readonly store: Store;
}

/**
 * Asynchronous endpoints, asked from where `env` says that a function runs, and as whom; beside the stage's endpoint of many
 * models, where it has one.
 */
export function withAsyncEndpoints(
  { stage, ...through }: AsyncStage,
  env: NodeJS.ProcessEnv,
  many: EndpointPort | undefined,
): EndpointPort {
  const none: EndpointPort = {
    name: stage,
    invoke: () => Promise.reject(new EndpointUnavailable(stage, 'is not set up here')),
  };
  return { ...(many ?? none), start: startIn(env, through) };
}

function startIn(env: NodeJS.ProcessEnv, through: Omit<AsyncStage, 'stage'>): StartAsync {
  const standIn = env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME || env.AWS_ENDPOINT_URL || undefined;
  const session = { ...awsSession(env), endpoint: standIn };
  const url = runtimeUrl(session);
  return sagemakerAsync({ url, sign: signing(url.host, session), ...through }).start;
}
