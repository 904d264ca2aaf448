/**
 * More connections than the local platform works on at once: 512 of them for some seconds, after as many seconds at 64.
 * Only 200, 429 and 503 may come, with Retry-After on the latter two, and those that are accepted stay quick.
 * Run: npm run bench:overload
 */
import { mkdtemp, rm } from 'node:fs/promises';
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
  const until = performance.now() + SECONDS * 1_000;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      const status = await ask(url, outcome);
      outcome.statuses.set(status, (outcome.statuses.get(status) ?? 0) + 1);
      if (status === '200') outcome.times.push(performance.now() - startedAt);
      // As Retry-After asks, though sooner.
      else await new Promise((wake) => setTimeout(wake, 100));
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
  outcome.times.sort((a, b) => a - b);
  return outcome;
}

async function ask(url: string, outcome: Outcome): Promise<string> {
  try {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/models/diagnosis:predict`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.status !== 200 && !response.headers.has('retry-after')) outcome.bare += 1;
    return String(response.status);
  } catch (error) {
    return (error as { cause?: NodeJS.ErrnoException }).cause?.code ?? 'failed';
  }
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
