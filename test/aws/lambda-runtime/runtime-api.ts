import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a runtime says through the API of its sandbox. */
export interface RuntimeSays {
  /** It asks for work, and has none left. */
  idle(): void;
  responded(requestId: string, payload: unknown): void;
  failed(requestId: string, error: unknown): void;
  initFailed(error: unknown): void;
}

export interface Work {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

export interface RuntimeApi {
  /** `host:port` */
  readonly address: string;
  /** Answers the runtime's question for work, which must be open. */
  hand(work: Work): void;
  close(): void;
}

const PATH = /^\/2018-06-01\/runtime\/(?:(init\/error)|invocation\/(?:(next)|([\w-]+)\/(response|error)))$/;

/**
 * The HTTP API that Lambda's sandboxes give their runtimes, of one sandbox.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(says: RuntimeSays): Promise<RuntimeApi> {
  let asking: ServerResponse | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [known, initError, next, requestId = '', verdict] = PATH.exec(request.url ?? '') ?? [];
    if (known === undefined) return void response.writeHead(404).end();
    if (next !== undefined) {
      asking = response;
      return says.idle();
    }
    const body = await readJson(request);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (initError !== undefined) says.initFailed(body);
    else if (verdict === 'response') says.responded(requestId, body);
    else says.failed(requestId, body);
  };

  // A runtime that is killed breaks off in the middle of what it says.
  const server = createServer((request, response) => answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    hand({ requestId, event, deadlineMs, functionArn }) {
      if (asking === undefined) throw new Error('the runtime must have asked for work');
      asking.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': requestId,
        'lambda-runtime-deadline-ms': String(deadlineMs),
        'lambda-runtime-invoked-function-arn': functionArn,
      });
      asking.end(JSON.stringify(event));
      asking = undefined;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}
