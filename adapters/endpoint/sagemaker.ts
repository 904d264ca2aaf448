import { unreachable } from './failures.ts';
import type { Invocation, Invoke } from './invoke.ts';
import { type Host, hostAt, type Post } from './post.ts';
import { failureOf } from './sagemaker-error.ts';

export interface SagemakerOptions {
  /** Its name. */
  readonly endpoint: string;
  /** The host that speaks the API. */
  readonly url: URL;
  /** Absent for a host that looks at no signature. */
  readonly sign?: (post: Post) => Post;
}

export interface SagemakerEndpoint {
  readonly invoke: Invoke;
  /** Ends the connections that are kept. */
  close(): void;
}

/**
 * Calls one SageMaker endpoint, with one try. Without the SDK, whose way through a call takes longer than all of ours.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export function sagemakerEndpoint({ endpoint, url, sign = asItIs }: SagemakerOptions): SagemakerEndpoint {
  const host = hostAt(url);
  const path = `/endpoints/${encodeURIComponent(endpoint)}/invocations`;
  return {
    invoke: async (invocation, signal) => {
      const { status, headers, body } = await posted(host, sign(postOf(path, invocation)), endpoint, signal);
      if (status === 200) return { contentType: headers['content-type'] ?? '', body };
      throw failureOf(endpoint, { status, type: headers['x-amzn-errortype'], body });
    },
    close: () => host.close(),
  };
}

const asItIs = (post: Post): Post => post;

const postOf = (path: string, { target, contentType, body }: Invocation): Post => ({
  path,
  headers: {
    'content-type': contentType,
    'content-length': body.reduce((total, part) => total + part.length, 0),
    accept: contentType.split(';')[0],
    ...(target !== undefined && { 'x-amzn-sagemaker-target-model': target }),
  },
  body,
});

/** @throws the signal's reason, EndpointUnavailable, EndpointFailed */
async function posted(host: Host, post: Post, endpoint: string, signal: AbortSignal) {
  try {
    return await host.post(post, signal);
  } catch (error) {
    throw signal.aborted ? error : unreachable(endpoint, error as Error);
  }
}
