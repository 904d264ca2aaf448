import { createHash } from 'node:crypto';
import aws4 from 'aws4';
import type { AwsSession } from '../store/aws-session.ts';
import { suffixOf } from '../store/s3-address.ts';
import type { Post } from './post.ts';

/** Where the runtime API of a region is, or what stands in for it. */
export const runtimeUrl = ({ region, endpoint }: AwsSession): URL =>
  new URL(endpoint ?? `https://runtime.sagemaker.${region}.${suffixOf(region)}`);

/** Signature Version 4, over the hash of a body in parts. */
export function signing(host: string, { region, endpoint: _, ...credentials }: AwsSession): (post: Post) => Post {
  return (post) => {
    const digest = createHash('sha256');
    for (const part of post.body) digest.update(part);
    const { headers } = aws4.sign(
      {
        service: 'sagemaker',
        region,
        method: 'POST',
        path: post.path,
        headers: { ...post.headers, host, 'x-amz-content-sha256': digest.digest('hex') },
      },
      credentials as Parameters<typeof aws4.sign>[1],
    );
    return { ...post, headers: headers as Post['headers'] };
  };
}
