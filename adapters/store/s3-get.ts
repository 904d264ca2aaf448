import type { Agent, AgentOptions, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import https from 'node:https';
import aws4 from 'aws4';
import type { AwsSession } from './aws-session.ts';
import type { S3Address } from './s3-address.ts';

export interface GetOptions {
  /** Answer 304 where the object still has this tag. */
  readonly etag: string | undefined;
  readonly signal: AbortSignal;
  /** On a connection of its own: a freeze may have left every kept one dead. */
  readonly anew: boolean;
}

/** Asks for an object. The answer has its status and its headers; its body is still to come. */
export type S3Get = (address: S3Address, options: GetOptions) => Promise<IncomingMessage>;

/** Nothing came for so long. */
export class PeerSilent extends Error {
  override readonly name = 'PeerSilent';
  constructor(ms: number) {
    super(`S3 was silent for ${ms} ms`);
  }
}

/** Of silence, the connecting included. */
const SILENT_FOR_MS = 2_000;

/** Signed GETs over connections that are kept for the next. */
export function s3Get(session: AwsSession): S3Get {
  const transport = transportOf(session);
  const agent = new transport.Agent({ keepAlive: true });
  return ({ hostname, port, path }, { etag, signal, anew }) => {
    const options: RequestOptions = {
      hostname,
      port,
      path,
      headers: signedHeaders(session, { hostname, port, path }, etag),
      agent: anew ? false : agent,
      timeout: SILENT_FOR_MS,
      signal,
    };
    return new Promise((resolve, reject) => {
      const asked = transport.request(options, resolve);
      asked.once('error', reject);
      asked.once('timeout', () => asked.destroy(new PeerSilent(SILENT_FOR_MS)));
      asked.end();
    });
  };
}

interface Transport {
  readonly Agent: new (options: AgentOptions) => Agent;
  readonly request: (options: RequestOptions, answered: (answer: IncomingMessage) => void) => ClientRequest;
}

/** Only a stand-in speaks plain HTTP. To import its module would load Node's `fetch` too: 25 ms for nothing. */
const transportOf = ({ endpoint }: AwsSession): Transport =>
  endpoint?.startsWith('http:') ? process.getBuiltinModule('node:http') : https;

/** A GET's headers, signed as of now: what was signed before a freeze may be too old after it. */
export function signedHeaders(
  { region, ...credentials }: Omit<AwsSession, 'endpoint'>,
  { hostname, port, path }: S3Address,
  etag: string | undefined,
  date?: string,
): Record<string, string> {
  const { headers } = aws4.sign(
    {
      service: 's3',
      region,
      method: 'GET',
      hostname,
      path,
      headers: {
        host: port === '' ? hostname : `${hostname}:${port}`,
        'x-amz-checksum-mode': 'ENABLED',
        ...(etag !== undefined && { 'if-none-match': etag }),
        ...(date !== undefined && { 'x-amz-date': date }),
      },
    },
    credentials as Parameters<typeof aws4.sign>[1],
  );
  return headers as Record<string, string>;
}
