import { randomUUID } from 'node:crypto';
import { ASYNC_INPUTS } from '../registry/async-layout.ts';
import type { Store } from '../store/store.ts';
import type { StartAsync } from './async-invoke.ts';
import { EndpointFailed, unreachable } from './failures.ts';
import { hostAt, type Post, type Posted } from './post.ts';
import { failureOf } from './sagemaker-error.ts';

export interface SagemakerAsyncOptions {
  /** The host that speaks the API. */
  readonly url: URL;
  /** What holds inputs and answers. */
  readonly bucket: string;
  readonly store: Pick<Store, 'create' | 'discard'>;
  /** Absent for a host that looks at no signature. */
  readonly sign?: (post: Post) => Post;
}

export interface SagemakerAsync {
  readonly start: StartAsync;
  close(): void;
}

/**
 * Has SageMaker's asynchronous endpoints take calls: the input is put into the bucket, and named.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export function sagemakerAsync({ url, bucket, store, sign = (post) => post }: SagemakerAsyncOptions): SagemakerAsync {
  const host = hostAt(url);
  const place = `s3://${bucket}/`;
  return {
    async start(endpoint, { contentType, body }, signal) {
      const input = `${ASYNC_INPUTS}${randomUUID()}`;
      await store.create(input, Buffer.concat(body));
      const post = {
        path: `/endpoints/${encodeURIComponent(endpoint)}/async-invocations`,
        headers: {
          'content-length': 0,
          'x-amzn-sagemaker-inputlocation': `${place}${input}`,
          'x-amzn-sagemaker-content-type': contentType,
        },
        body: [],
      };
      try {
        const posted = await host.post(sign(post), signal).catch((error) => {
          throw signal.aborted ? error : unreachable(endpoint, error);
        });
        return { endpoint, input, ...placesIn(endpoint, posted, place) };
      } catch (error) {
        await store.discard(input);
        throw error;
      }
    },
    close: () => host.close(),
  };
}

/** @throws what `failureOf` makes of it; EndpointFailed where the answer will lie elsewhere */
function placesIn(endpoint: string, { status, headers, body }: Posted, place: string) {
  if (status !== 202) throw failureOf(endpoint, { status, type: headers['x-amzn-errortype'], body });
  const keyIn = (name: string): string => {
    const location = String(headers[`x-amzn-sagemaker-${name}`]);
    if (location.startsWith(place)) return location.slice(place.length);
    throw new EndpointFailed(endpoint, 'answers into another bucket than it is asked from');
  };
  return { output: keyIn('outputlocation'), failure: keyIn('failurelocation') };
}
