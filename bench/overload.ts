/**
 * More connections than the local platform works on at once: 512 of them for some seconds, after as many seconds at 64.
 * Only 200, 429 and 503 may come, with Retry-After on the latter two, and those that are accepted stay quick.
 * Run: npm run bench:overload
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnosisRow } from './row.ts';
import { serve } from './server.ts';
import { table } from './table.ts';

const KEY = 'bench-admin-key';
const SECONDS = Number(process.argv[2] ?? 8);
const body = JSON.stringify({ instances: [diagnosisRow] });

interface Outcome {
  readonly times: number[];
  readonly statuses: Map<string, number>;
  /** Refusals without Retry-After. */
  bare: number;
}

async function load(url: string, connections: number): Promise<Outcome> {
  const outcome: Outcome = { times: [], statuses: new Map(), bare: 0 };
  // One after the other: the system's queue of new connections is not what is measured.
  const lines: Line[] = [];
  while (lines.length < connections) lines.push(await lineTo(url));
  const until = performance.now() + SECONDS * 1_000;
  const caller = async (first: Line): Promise<void> => {
    let line = first;
    while (performance.now() < until) {
      const startedAt = performance.now();
      const answer = await line.ask();
      const status = answer === undefined ? 'broken' : answer.slice(9, 12);
      outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1);
      if (status === '200') outcome.times.push(performance.now() - startedAt);
      else if (!/\r\nretry-after:/i.test(answer ?? '')) outcome.bare += 1;
      // As Retry-After asks, though sooner.
      if (status !== '200') await new Promise((wake) => setTimeout(wake, 100));
      if (!line.isOpen()) line = await lineTo(url);
    }
    line.end();
  };
  await Promise.all(lines.map(caller));
  outcome.times.sort((a, b) => a - b);
  return outcome;
}

/** One connection, asked again and again: next to nothing of work on this side, which shares the processors. */
interface Line {
  /** The whole answer; undefined where the connection broke. */
  ask(): Promise<string | undefined>;
  isOpen(): boolean;
  end(): void;
}

async function lineTo(url: string): Promise<Line> {
  const { hostname, port, host } = new URL(url);
  const request =
    `POST /v1/models/diagnosis:predict HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${KEY}\r\n` +
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

const home = await mkdtemp(join(tmpdir(), 'modeldrop-bench-'));
const platform = await serve(['infra/local/entry.ts'], {
  MODELDROP_HOME: home,
  MODELDROP_PORT: '0',
  MODELDROP_KEY: KEY,
});
await load(platform.url, 16);
const rows: string[][] = [];
for (const connections of [64, 512]) {
  const { times, statuses, bare } = await load(platform.url, connections);
  const at = (share: number): string => `${(times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1)} ms`;
  const seen = Array.from(statuses, ([status, count]) => `${count} x ${status}`).join(', ');
  rows.push([String(connections), at(0.5), at(0.99), seen, String(bare)]);
}
console.info(table(['connections', 'p50 of 200', 'p99 of 200', 'answers', 'refused without Retry-After'], rows));
platform.stop();
await rm(home, { recursive: true, force: true });
