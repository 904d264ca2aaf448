import { endpointClient } from '../../../adapters/endpoint/client.ts';
import { endpointInvoke } from '../../../adapters/endpoint/endpoint.ts';
import type { EndpointPort } from '../../../adapters/endpoint/endpoint-port.ts';
import { EndpointUnavailable } from '../../../adapters/endpoint/failures.ts';
import type { Invoke } from '../../../adapters/endpoint/invoke.ts';
import { sagemakerInvoke } from '../../../adapters/endpoint/sagemaker.ts';
import type { FromJobs, ToJobs } from './messages.ts';

/** The host looks at no signature. */
const NOBODY = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The endpoint of the platform that forked this process, which starts it where it does not run: each call asks where it is. */
export function platformEndpoint(name: string): EndpointPort {
  let open: { readonly url: string; readonly invoke: Invoke } | undefined;

  const invoke: Invoke = async (invocation, signal) => {
    const url = await whereabouts();
    if (url === '') throw new EndpointUnavailable(name, 'did not start');
    if (open?.url !== url) {
      open = {
        url,
        invoke: sagemakerInvoke(endpointClient({ region: 'us-east-1', url, credentials: NOBODY }), name),
      };
    }
    return open.invoke(invocation, signal);
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
