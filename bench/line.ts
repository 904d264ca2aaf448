import { once } from 'node:events';
import { connect } from 'node:net';

export interface LineRequest {
  readonly key: string;
  readonly path: string;
  readonly body: string;
}

/** One connection, asked the same again and again: next to nothing of work on this side, which shares the processors. */
export interface Line {
  /** The whole answer; undefined where the connection broke. */
  ask(): Promise<string | undefined>;
  isOpen(): boolean;
  end(): void;
}

export async function lineTo(url: string, { key, path, body }: LineRequest): Promise<Line> {
  const { hostname, port, host } = new URL(url);
  const request =
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\n` +
    `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const socket = connect(Number(port), hostname).setEncoding('latin1').setNoDelay();
  await once(socket, 'connect');
  let heard = '';
  let answered: (answer: string | undefined) => void = () => {};
  socket.on('data', (text: string) => {
    heard += text;
    const head = heard.indexOf('\r\n\r\n');
    const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(heard) ?? [];
    if (head >= 0 && heard.length >= head + 4 + Number(length)) answered(heard);
  });
  socket.on('error', () => {}).once('close', () => answered(undefined));
  return {
    ask() {
      heard = '';
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      answered = resolve;
      socket.write(request);
      return promise;
    },
    isOpen: () => socket.writable && !/\r\nconnection: close/i.test(heard),
    end: () => socket.destroy(),
  };
}

/** The status of an answer. */
export const statusOf = (answer: string | undefined): string => (answer === undefined ? 'broken' : answer.slice(9, 12));
