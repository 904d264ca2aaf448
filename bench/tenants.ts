/**
 * One tenant asks for ten times its quota, and another must not feel it: its 99th percentile, alone and beside the greedy
 * one, in turns, so that whatever else the machine does meets both alike.
 * Both send by the clock, whatever is answered: one who waits for answers would ask less where they come late. The greedy
 * one is a process of its own.
 * Run: npm run bench:tenants [turns]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Line, type LineRequest, lineTo, statusOf } from './line.ts';
import { diagnosisRow } from './row.ts';
import { serve } from './server.ts';
import { table } from './table.ts';

const ADMIN = 'bench-admin-key';
/** Requests a second. */
const [QUOTA, GREED, MODESTY] = [200, 10, 150];
const SECONDS = 5;
const LATE_MS = 3;
const body = JSON.stringify({ instances: [diagnosisRow] });

interface Outcome {
  /** Of answers with 200, in milliseconds from when they were due. */
  readonly times: number[];
  readonly statuses: Record<string, number>;
}

interface Load extends LineRequest {
  readonly url: string;
  readonly perSecond: number;
  readonly lines: number;
}

/** Asks so often a second until it is told to stop, each time on a line that is free; one that was closed is opened anew. */
async function ask({ url, perSecond, lines, ...request }: Load, stopped: Promise<unknown>): Promise<Outcome> {
  const outcome: Outcome = { times: [], statuses: {} };
  const count = (status: string): void => {
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
  };
  const free = await Promise.all(Array.from({ length: lines }, () => lineTo(url, request)));
  const one = async (line: Line, due: number): Promise<void> => {
    const status = statusOf(await line.ask());
    count(status);
    if (status === '200') outcome.times.push(performance.now() - due);
    if (!line.isOpen()) count('closed');
    free.push(line.isOpen() ? line : await lineTo(url, request));
  };
  let isOver = false;
  void stopped.then(() => {
    isOver = true;
  });
  let startedAt = performance.now();
  const atWork = new Set<Promise<void>>();
  for (let sent = 0; !isOver; sent++) {
    const due = startedAt + (sent * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    // Who was kept from the processor goes on from here, and does not send all at once what he has missed.
    if (early < -LATE_MS) startedAt -= early;
    const line = free.shift();
    if (line === undefined) {
      count('no free line');
      continue;
    }
    const asked = one(line, due).finally(() => atWork.delete(asked));
    atWork.add(asked);
  }
  await Promise.all(atWork);
  for (const line of free) line.end();
  return outcome;
}

/** This file again, in a process of its own. */
async function greedyProcess(load: Load): Promise<{ stop(): Promise<Outcome> }> {
  const child: ChildProcess = fork(import.meta.filename, ['greedy']);
  child.send(load);
  await once(child, 'message');
  return {
    async stop() {
      child.send('stop');
      const [outcome] = await once(child, 'message');
      return outcome;
    },
  };
}

async function beGreedy(): Promise<void> {
  const [load] = (await once(process, 'message')) as [Load];
  process.send?.('started');
  process.send?.(await ask(load, once(process, 'message')));
  process.disconnect();
}

async function keyOf(url: string, tenant: string): Promise<string> {
  const answer = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}` },
    body: JSON.stringify({ name: tenant, tenant, scopes: ['predict'], models: ['*'] }),
  });
  return ((await answer.json()) as { key: string }).key;
}

const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

const seen = ({ statuses }: Outcome): string =>
  Object.entries(statuses)
    .map(([status, count]) => `${count} x ${status}`)
    .join(', ');

function sum(outcomes: readonly Outcome[]): Outcome {
  const statuses: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [status, count] of Object.entries(outcome.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  return { times: outcomes.flatMap(({ times }) => times), statuses };
}

async function bench(turns: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'modeldrop-bench-'));
  const { url, stop } = await serve(['infra/local/entry.ts'], {
    MODELDROP_HOME: home,
    MODELDROP_PORT: '0',
    MODELDROP_KEY: ADMIN,
    MODELDROP_QUOTA: String(QUOTA),
  });
  const of = async (tenant: string, perSecond: number, lines: number): Promise<Load> => {
    return { url, key: await keyOf(url, tenant), path: '/v1/models/diagnosis:predict', body, perSecond, lines };
  };
  const [greedy, modest] = [await of('greedy', GREED * QUOTA, 64), await of('modest', MODESTY, 8)];
  await ask(modest, sleep(3_000));
  const [alone, beside, greed]: Outcome[][] = [[], [], []];
  for (let turn = 0; turn < turns; turn++) {
    alone?.push(await ask(modest, sleep(1_000 * SECONDS)));
    const pest = await greedyProcess(greedy);
    await sleep(500);
    beside?.push(await ask(modest, sleep(1_000 * SECONDS)));
    greed?.push(await pest.stop());
  }
  stop();
  const rows = Object.entries({ 'modest, alone': alone, 'modest, beside greedy': beside, greedy: greed });
  const figures = rows.map(([who, outcomes = []]) => {
    const all = sum(outcomes);
    const inTurn = outcomes.map(({ times }) => quantile(times, 0.99)).sort((a, b) => a - b);
    const [p50, p99, middle] = [quantile(all.times, 0.5), quantile(all.times, 0.99), quantile(inTurn, 0.5)];
    return [who, ...[p50, p99, middle].map((ms) => `${ms.toFixed(2)} ms`), seen(all)];
  });
  console.info(table(['tenant', 'p50', 'p99', 'median of p99 by turn', 'answers'], figures));
  console.info(
    `load averages ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

await (process.argv[2] === 'greedy' ? beGreedy() : bench(Number(process.argv[2] ?? 8)));
