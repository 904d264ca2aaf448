import { endpointInvoke } from '../../../adapters/endpoint/endpoint.ts';
import type { EndpointPort } from '../../../adapters/endpoint/endpoint-port.ts';
import { EndpointUnavailable } from '../../../adapters/endpoint/failures.ts';
import type { Invoke } from '../../../adapters/endpoint/invoke.ts';
import { type SagemakerEndpoint, sagemakerEndpoint } from '../../../adapters/endpoint/sagemaker.ts';
import type { FromJobs, ToJobs } from './messages.ts';

/** The endpoint of the platform that forked this process, which starts it where it does not run: each call asks where it is. */
export function platformEndpoint(name: string): EndpointPort {
  let open: { readonly url: string; readonly host: SagemakerEndpoint } | undefined;

  const invoke: Invoke = async (invocation, signal) => {
    const url = await whereabouts();
    if (url === '') throw new EndpointUnavailable(name, 'did not start');
    if (open?.url !== url) {
      open?.host.close();
      open = { url, host: sagemakerEndpoint({ endpoint: name, url: new URL(url) }) };
    }
    return open.host.invoke(invocation, signal);
  };
  return { name, invoke: endpointInvoke({ endpoint: name, invoke, now: () => performance.now() }) };
}

const whereabouts = (): Promise<string> =>
  new Promise((resolve) => {
    const hear = (message: ToJobs): void => {
      if (!('endpoint' in message)) return;
      process.off('message', hear);
      resolve(message.endpoint);
    };
    process.on('message', hear);
    process.send?.({ wants: 'endpoint' } satisfies FromJobs);
  });
