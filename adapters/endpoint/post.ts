import type { Agent, ClientRequest, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';

const CONNECT_MS = 1_000;
const CONNECTIONS = 64;

export interface Posted {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface Post {
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** The parts of a body, sent one behind the other as they lie in memory. */
  readonly body: readonly Uint8Array[];
}

/** Connections to one host that are kept from call to call. */
export interface Host {
  /** @throws the signal's reason; Error with Node's `code`, `ETIMEDOUT` where no connection came about in a second */
  post(post: Post, signal: AbortSignal): Promise<Posted>;
  close(): void;
}

export function hostAt({ protocol, hostname: host, port }: URL): Host {
  // Importing it would load `fetch` with it, in functions that speak to AWS only.
  const transport = protocol === 'http:' ? process.getBuiltinModule('node:http') : https;
  const kept: Agent = new transport.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  const send = ({ body, ...post }: Post, signal: AbortSignal, agent: Agent | false): Promise<Posted> => {
    const { promise, resolve, reject } = Promise.withResolvers<Posted>();
    const request = transport.request({ ...post, method: 'POST', host, port, agent, signal });
    let isAnswered = false;
    request.once('response', (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: joined(chunks) }),
      );
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && !isAnswered && error.code === 'ECONNRESET';
      reject(isStale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    boundConnecting(request);
    for (const part of body) request.write(part);
    request.end();
    return promise;
  };

  return {
    async post(post, signal) {
      try {
        return await send(post, signal, kept).catch((error: unknown) => {
          if (error instanceof StaleConnection) return send(post, signal, false);
          throw error;
        });
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      }
    },
    close: () => kept.destroy(),
  };
}

/**
 * A kept connection that the other side gave up just when it was used again.
 * https://nodejs.org/api/http.html#requestreusedsocket
 */
class StaleConnection extends Error {}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);

function boundConnecting(request: ClientRequest): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const late = (): unknown =>
      request.destroy(Object.assign(new Error(`no connection within ${CONNECT_MS} ms`), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, CONNECT_MS);
    const stop = (): void => clearTimeout(timer);
    socket.once('connect', stop).once('close', stop);
  });
}
