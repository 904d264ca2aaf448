import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What goes wrong with one request. */
export type Fault =
  /** Answered with this status and code, and never passed on. */
  | { readonly status: number; readonly code: string }
  /** Passed on and done, but the connection breaks before the answer. */
  | 'lost answer'
  /** The body ends in the middle, and with it the connection. */
  | 'cut body'
  /** One bit of the body is another. */
  | 'flipped bit'
  /** Never answered. */
  | 'silence'
  /** The headers, half the body, and nothing more. */
  | 'stalled body'
  | 'none';

export interface FaultyPeer {
  readonly url: string;
  /** The method of every request, in order. */
  readonly asked: string[];
  /** Faults for the next requests with this method, one each. */
  fail(method: string, ...faults: Fault[]): void;
  /** The same fault from now on, for every method. */
  always(fault: Fault): void;
  /** Runs before the next request with this method is passed on. */
  before(method: string, act: () => Promise<unknown>): void;
  /** Nothing is wrong any more, and nothing was asked. */
  mend(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

/** A server that passes every request on to another, unless told what is to go wrong. */
export async function faultyPeer(target: string): Promise<FaultyPeer> {
  const planned = new Map<string, Fault[]>();
  const acts = new Map<string, () => Promise<unknown>>();
  const asked: string[] = [];
  let lasting: Fault = 'none';

  const server = createServer(async (from, to) => {
    const method = from.method ?? '';
    asked.push(method);
    const act = acts.get(method);
    acts.delete(method);
    await act?.();
    const fault = planned.get(method)?.shift() ?? lasting;
    await meet(fault, from, to, target);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    fail: (method, ...faults) => planned.set(method, faults),
    always: (fault) => {
      lasting = fault;
    },
    before: (method, act) => acts.set(method, act),
    mend() {
      planned.clear();
      acts.clear();
      asked.length = 0;
      lasting = 'none';
    },
    close: () => closed(server),
  };
}

async function meet(fault: Fault, from: IncomingMessage, to: ServerResponse, target: string): Promise<void> {
  const sent = await buffer(from);
  if (fault === 'silence') return;
  if (typeof fault === 'object') return refuse(fault, from, to);
  const { response, body } = await passOn(from, sent, target);
  if (fault === 'lost answer') return void to.destroy();
  const head = (): ServerResponse => to.writeHead(response.statusCode ?? 500, response.headers);
  const half = Math.floor(body.length / 2);
  if (fault === 'cut body') return void head().write(body.subarray(0, half), () => setImmediate(() => to.destroy()));
  if (fault === 'stalled body') return void head().write(body.subarray(0, half));
  if (fault === 'flipped bit') body[half] = (body[half] ?? 0) ^ 1;
  head().end(body);
}

function refuse({ status, code }: { status: number; code: string }, from: IncomingMessage, to: ServerResponse): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  to.writeHead(status, { 'content-type': 'application/xml' }).end(from.method === 'HEAD' ? undefined : body);
}

async function passOn(from: IncomingMessage, sent: Buffer, target: string): Promise<Answer> {
  const on = request(new URL(from.url ?? '/', target), { method: from.method, headers: from.headers });
  on.end(sent);
  const [response] = (await once(on, 'response')) as [IncomingMessage];
  return { response, body: await buffer(response) };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
