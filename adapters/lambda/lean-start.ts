import type { Agent, RequestOptions } from 'node:http';
import https from 'node:https';
import { sign } from 'aws4';
import type { AwsSession } from '../store/aws-session.ts';
import { suffixOf } from '../store/s3-address.ts';

export interface LeanStartOptions {
  readonly session: AwsSession;
  readonly functionName: string;
  /** Requests that may be under way at once. */
  readonly atOnce?: number;
}

/** Of silence, the connecting included. */
const SILENT_FOR_MS = 5_000;

/**
 * Has a function run without waiting even for Lambda's word that it will: what is lost on the way is lost. Without the
 * SDK, for a function that must start quickly. Over a kept connection the bytes leave before the call returns, so that
 * a freeze at the caller's answer does not hold them.
 * @returns whether it was sent; false where too many are under way
 */
export function leanStart({ session, functionName, atOnce = 16 }: LeanStartOptions): (payload: unknown) => boolean {
  const { region, endpoint, ...credentials } = session;
  const { protocol, hostname, port } = new URL(endpoint ?? `https://lambda.${region}.${suffixOf(region)}`);
  const transport = protocol === 'http:' ? process.getBuiltinModule('node:http') : https;
  const agent: Agent = new transport.Agent({ keepAlive: true });
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  let underWay = 0;

  return (payload) => {
    if (underWay >= atOnce) return false;
    const body = JSON.stringify(payload);
    const { headers } = sign(
      {
        service: 'lambda',
        region,
        method: 'POST',
        hostname,
        path,
        headers: {
          host: port === '' ? hostname : `${hostname}:${port}`,
          'content-type': 'application/json',
          'x-amz-invocation-type': 'Event',
        },
        body,
      },
      credentials as Parameters<typeof sign>[1],
    );
    const options: RequestOptions = { hostname, port, path, method: 'POST', agent, timeout: SILENT_FOR_MS };
    const asked = transport.request({ ...options, headers: headers as Record<string, string> }, (answer) => {
      answer.resume();
    });
    underWay += 1;
    asked.once('close', () => {
      underWay -= 1;
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', lost);
    asked.end(body);
    return true;
  };
}

/** Nobody waits for it. */
const lost = (): void => {};
