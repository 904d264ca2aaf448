import aws4 from 'aws4';
import type { AwsSession } from '../store/aws-session.ts';
import { suffixOf } from '../store/s3-address.ts';

export interface StartTarget {
  readonly session: AwsSession;
  readonly functionName: string;
}

export interface SignedStart {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The request by which Lambda has a function run and lets nobody wait for its answer, without the SDK. */
export function signedStart({ session, functionName }: StartTarget) {
  const { region, endpoint, ...credentials } = session;
  const { protocol, hostname, port } = new URL(endpoint ?? `https://lambda.${region}.${suffixOf(region)}`);
  const host = port === '' ? hostname : `${hostname}:${port}`;
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;

  const signed = (payload: unknown): SignedStart => {
    const body = JSON.stringify(payload);
    const { headers } = aws4.sign(
      {
        service: 'lambda',
        region,
        method: 'POST',
        hostname,
        path,
        headers: { host, 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
        body,
      },
      credentials as Parameters<typeof aws4.sign>[1],
    );
    return { body, headers: headers as Record<string, string> };
  };
  return { protocol, hostname, port, path, signed };
}
