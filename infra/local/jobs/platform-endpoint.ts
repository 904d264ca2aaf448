import { endpointInvoke } from '../../../adapters/endpoint/endpoint.ts';
import type { EndpointPort } from '../../../adapters/endpoint/endpoint-port.ts';
import { EndpointUnavailable } from '../../../adapters/endpoint/failures.ts';
import type { Invoke } from '../../../adapters/endpoint/invoke.ts';
import { type SagemakerEndpoint, sagemakerEndpoint } from '../../../adapters/endpoint/sagemaker.ts';
import { type SagemakerAsync, sagemakerAsync } from '../../../adapters/endpoint/sagemaker-async.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { ASYNC_BUCKET } from '../endpoint-host/async-bucket.ts';
import type { FromJobs, ToJobs } from './messages.ts';

/** The endpoint of the platform that forked this process, which starts it where it does not run: each call asks where it is. */
export function platformEndpoint(name: string, answers: Store): EndpointPort {
  let open: Open | undefined;

  const opened = async (): Promise<Open> => {
    const url = await whereabouts();
    if (url === '') throw new EndpointUnavailable(name, 'did not start');
    if (open?.url === url) return open;
    open?.host.close();
    open?.async.close();
    const at = new URL(url);
    open = {
      url,
      host: sagemakerEndpoint({ endpoint: name, url: at }),
      async: sagemakerAsync({ url: at, bucket: ASYNC_BUCKET, store: answers }),
    };
    return open;
  };
  const invoke: Invoke = async (invocation, signal) => (await opened()).host.invoke(invocation, signal);
  return {
    name,
    invoke: endpointInvoke({ endpoint: name, invoke, now: () => performance.now() }),
    start: async (...call) => (await opened()).async.start(...call),
  };
}

interface Open {
  readonly url: string;
  readonly host: SagemakerEndpoint;
  readonly async: SagemakerAsync;
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
