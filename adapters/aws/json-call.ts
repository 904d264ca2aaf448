// Whole: outside of a bundle its names can't be imported one by one.
import aws4 from 'aws4';
import { ModeldropError } from '../../models/errors.ts';
import type { AwsSession } from '../store/aws-session.ts';
import { suffixOf } from '../store/s3-address.ts';

export interface JsonService {
  readonly session: AwsSession;
  /** As it is signed for, and as in the host's name where `host` says nothing else. */
  readonly service: 'logs' | 'events' | 'sagemaker' | 'application-autoscaling' | 'monitoring' | 'sqs';
  readonly host?: string;
  /** What stands before an action's name in the protocol's header. */
  readonly target: string;
  /** Of the protocol. */
  readonly version?: '1.0' | '1.1';
}

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly words: string;
}

/** AWS did not do what it was asked. It is asked again with the next look. */
export class AwsRefused extends ModeldropError {
  override readonly name = 'AwsRefused';
  readonly status = 503;
  /** AWS's name for what is wrong, and its words. */
  readonly type: string;
  readonly words: string;
  constructor(action: string, { status, type, words }: Refusal) {
    super(`${action} was answered ${status} ${type}`, { action, status, type });
    [this.type, this.words] = [type, words];
  }
}

const PATIENCE_MS = 20_000;

/** One action of a service that speaks AWS's JSON. @throws AwsRefused */
export const jsonCall =
  ({ session: { region, endpoint, ...credentials }, service, host = service, target, version = '1.1' }: JsonService) =>
  async <Answer>(action: string, request: object): Promise<Answer> => {
    const url = new URL(endpoint ?? `https://${host}.${region}.${suffixOf(region)}`);
    const body = JSON.stringify(request);
    const signed = aws4.sign(
      {
        service,
        region,
        method: 'POST',
        hostname: url.hostname,
        path: '/',
        headers: {
          host: url.host,
          'content-type': `application/x-amz-json-${version}`,
          'x-amz-target': `${target}.${action}`,
        },
        body,
      },
      credentials as Parameters<typeof aws4.sign>[1],
    );
    const { host: _, Host: __, 'Content-Length': ___, ...headers } = signed.headers as Record<string, string>;
    const answer = await fetch(new URL('/', url), {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new AwsRefused(action, refusalIn(answer.status, text));
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  };

const refusalIn = (status: number, text: string): Refusal => ({
  status,
  type: /"__type":\s*"([\w#.]+)"/.exec(text)?.[1]?.replace(/^.*#/, '') ?? '',
  words: /"[mM]essage":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? '',
});
