import type { Invoke } from './invoke.ts';

/** The endpoint of a stage: its name, and how it is called. */
export interface EndpointPort {
  readonly name: string;
  readonly invoke: Invoke;
}

/**
 * The endpoint that the environment names: `MODELDROP_ENDPOINT`, in `AWS_REGION`, or at `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`.
 * Undefined where it names none. The SDK is imported at the first call: most functions make none.
 */
export function endpointIn(env: NodeJS.ProcessEnv): EndpointPort | undefined {
  const name = env.MODELDROP_ENDPOINT;
  if (!name) return undefined;
  let opened: Promise<Invoke> | undefined;
  return {
    name,
    async invoke(invocation, signal) {
      opened ??= open(name, env);
      return (await opened)(invocation, signal);
    },
  };
}

async function open(endpoint: string, env: NodeJS.ProcessEnv): Promise<Invoke> {
  const [{ endpointClient }, { endpointInvoke }, { sagemakerInvoke }] = await Promise.all([
    import('./client.ts'),
    import('./endpoint.ts'),
    import('./sagemaker.ts'),
  ]);
  const url = env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME || env.AWS_ENDPOINT_URL;
  const client = endpointClient({ region: env.AWS_REGION || 'us-east-1', ...(url && { url }) });
  return endpointInvoke({ endpoint, invoke: sagemakerInvoke(client, endpoint), now: () => performance.now() });
}
