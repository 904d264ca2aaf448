/**
 * More connections than the local platform works on at once: 512 of them for some seconds, after as many seconds at 64.
 * Only 200, 429 and 503 may come, with Retry-After on the latter two, and those that are accepted stay quick.
 * Run: npm run bench:overload
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Line, lineTo, statusOf } from './line.ts';
import { diagnosisRow } from './row.ts';
import { serve } from './server.ts';
import { table } from './table.ts';

const KEY = 'bench-admin-key';
const SECONDS = Number(process.argv[2] ?? 8);
const request = { key: KEY, path: '/v1/models/diagnosis:predict', body: JSON.stringify({ instances: [diagnosisRow] }) };

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
  while (lines.length < connections) lines.push(await lineTo(url, request));
  const until = performance.now() + SECONDS * 1_000;
  const caller = async (first: Line): Promise<void> => {
    let line = first;
    while (performance.now() < until) {
      const startedAt = performance.now();
      const answer = await line.ask();
      const status = statusOf(answer);
      outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1);
      if (status === '200') outcome.times.push(performance.now() - startedAt);
      else if (!/\r\nretry-after:/i.test(answer ?? '')) outcome.bare += 1;
      // As Retry-After asks, though sooner.
      if (status !== '200') await new Promise((wake) => setTimeout(wake, 100));
      if (!line.isOpen()) line = await lineTo(url, request);
    }
    line.end();
  };
  await Promise.all(lines.map(caller));
  outcome.times.sort((a, b) => a - b);
  return outcome;
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
