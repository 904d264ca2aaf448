import { connect } from 'node:net';

export interface RawResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Exchange {
  readonly responses: readonly RawResponse[];
  /** Whether the server ended the connection, and whether it did so by a reset. */
  readonly ended: boolean;
  readonly reset: boolean;
}

/** Bytes to send, a pause in milliseconds, or the end of what is sent. */
export type Step = string | Uint8Array | number | 'FIN';

/** Sends exactly these bytes, and reads until `count` responses are there or the connection ends. */
export function exchange(url: string, steps: readonly Step[], count: number, bodiless = false): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let received = Buffer.alloc(0);
  let reset = false;
  const finish = (ended: boolean): void => {
    resolve({ responses: responsesIn(received, bodiless), ended, reset });
    socket.destroy();
  };
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (responsesIn(received, bodiless).length >= count) finish(false);
  });
  socket.on('error', () => {
    reset = true;
  });
  socket.on('end', () => finish(true));
  socket.on('close', () => finish(true));
  void (async () => {
    for (const step of steps) {
      if (typeof step === 'number') await new Promise((wake) => setTimeout(wake, step));
      else if (step === 'FIN') socket.end();
      else if (socket.writable) socket.write(step);
    }
  })();
  return promise;
}

function responsesIn(bytes: Buffer, bodiless: boolean): RawResponse[] {
  const responses: RawResponse[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', from);
    if (end < 0) break;
    const [line = '', ...lines] = bytes.toString('latin1', from, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((each) => pairOf(each)));
    const status = Number(line.split(' ')[1]);
    const length = bodiless || status < 200 ? 0 : Number(headers['content-length'] ?? 0);
    from = end + 4 + length;
    if (from > bytes.length) break;
    responses.push({ status, headers, body: bytes.toString('utf8', end + 4, from) });
  }
  return responses;
}

const pairOf = (line: string): [string, string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
};
