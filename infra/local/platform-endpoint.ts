import type { ChildProcess } from 'node:child_process';
import { endpointInvoke } from '../../adapters/endpoint/endpoint.ts';
import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import { EndpointUnavailable } from '../../adapters/endpoint/failures.ts';
import type { Invoke } from '../../adapters/endpoint/invoke.ts';
import { type SagemakerEndpoint, sagemakerEndpoint } from '../../adapters/endpoint/sagemaker.ts';
import { type SagemakerAsync, sagemakerAsync } from '../../adapters/endpoint/sagemaker-async.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ASYNC_BUCKET } from './endpoint-host/async-bucket.ts';

/** What a process of the platform asks it. */
export interface WantsEndpoint {
  readonly wants: 'endpoint';
}

/** What it is told: where the endpoint is; empty where it does not start. */
export interface HasEndpoint {
  readonly endpoint: string;
}

/** The platform's own endpoint, as its processes reach it. */
export interface EndpointPlace {
  readonly name: string;
  readonly url: () => Promise<string>;
}

/** Answers a process that asks where the endpoint is. Its other messages are not heard here. */
export function tellEndpoint(child: ChildProcess, place: EndpointPlace | undefined): void {
  child.on('message', async (message: object) => {
    if (!('wants' in message)) return;
    const endpoint = (await place?.url().catch(() => '')) ?? '';
    if (child.connected) child.send({ endpoint } satisfies HasEndpoint);
  });
}

/**
 * The endpoint of the platform that forked this process, which starts it where it does not run: each call asks where it is.
 * @param answers where answers of asynchronous calls come to lie; without it none are made
 */
export function platformEndpoint(name: string, answers?: Store): EndpointPort {
  let open: Open | undefined;

  const opened = async (): Promise<Open> => {
    const url = await whereabouts();
    if (url === '') throw new EndpointUnavailable(name, 'did not start');
    if (open?.url === url) return open;
    open?.host.close();
    open?.async?.close();
    const at = new URL(url);
    open = {
      url,
      host: sagemakerEndpoint({ endpoint: name, url: at }),
      async: answers && sagemakerAsync({ url: at, bucket: ASYNC_BUCKET, store: answers }),
    };
    return open;
  };
  const invoke: Invoke = async (invocation, signal) => (await opened()).host.invoke(invocation, signal);
  return {
    name,
    invoke: endpointInvoke({ endpoint: name, invoke, now: () => performance.now() }),
    ...(answers && { start: async (...call) => ((await opened()).async as SagemakerAsync).start(...call) }),
  };
}

interface Open {
  readonly url: string;
  readonly host: SagemakerEndpoint;
  readonly async: SagemakerAsync | undefined;
}

const whereabouts = (): Promise<string> =>
  new Promise((resolve) => {
    const hear = (message: object): void => {
      if (!('endpoint' in message)) return;
      process.off('message', hear);
      resolve((message as HasEndpoint).endpoint);
    };
    process.on('message', hear);
    process.send?.({ wants: 'endpoint' } satisfies WantsEndpoint);
  });
