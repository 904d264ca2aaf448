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
 * The endpoint that the environment names: `MODELDROP_ENDPOINT`, in `AWS_REGION`, or at `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`.
 * Undefined where it names none. What calls it is imported at the first call: most functions make none.
 */
export function endpointIn(env: NodeJS.ProcessEnv): EndpointPort | undefined {
  const name = env.MODELDROP_ENDPOINT;
  if (!name) return undefined;
  let opened: Promise<Invoke> | undefined;
  return {
    name,
    async invoke(invocation, signal) {
      opened ??= import('./endpoint-in-region.ts').then(({ endpointInRegion }) => endpointInRegion(name, env));
      return (await opened)(invocation, signal);
    },
  };
}
