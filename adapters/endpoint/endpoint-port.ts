import type { StartAsync } from './async-invoke.ts';
import type { Invoke } from './invoke.ts';

/** The endpoint of a stage: its name, and how it is called. */
export interface EndpointPort {
  readonly name: string;
  readonly invoke: Invoke;
  /** Where asynchronous endpoints can be asked, beside this one. */
  readonly start?: StartAsync;
}

/**
 * The endpoint that the environment names: `MODELDROP_ENDPOINT`, in `AWS_REGION`, or at `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`;
 * and those of one model each, `MODELDROP_ASYNC_STAGE`, which are asked by way of `MODELDROP_ASYNC_BUCKET`.
 * Undefined where it names neither. What calls them is imported at the first call: most functions make none.
 */
export function endpointIn(env: NodeJS.ProcessEnv): EndpointPort | undefined {
  const { MODELDROP_ENDPOINT: many, MODELDROP_ASYNC_STAGE: stage, MODELDROP_ASYNC_BUCKET: bucket } = env;
  const name = many || stage;
  if (!name) return undefined;
  return {
    name,
    invoke: many ? lazily(many, env) : notSetUp(name),
    ...(bucket && { start: startLazily(bucket, env) }),
  };
}

function lazily(name: string, env: NodeJS.ProcessEnv): Invoke {
  let opened: Promise<Invoke> | undefined;
  return async (invocation, signal) => {
    opened ??= import('./endpoint-in-region.ts').then(({ endpointInRegion }) => endpointInRegion(name, env));
    return (await opened)(invocation, signal);
  };
}

const notSetUp =
  (name: string): Invoke =>
  async () => {
    const { EndpointUnavailable } = await import('./failures.ts');
    throw new EndpointUnavailable(name, 'is not set up here');
  };

function startLazily(bucket: string, env: NodeJS.ProcessEnv): StartAsync {
  let opened: Promise<StartAsync> | undefined;
  return async (endpoint, invocation, signal) => {
    opened ??= import('./endpoint-in-region.ts').then(({ asyncInRegion }) => asyncInRegion(bucket, env));
    return (await opened)(endpoint, invocation, signal);
  };
}
