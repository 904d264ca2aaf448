/**
 * Resident memory of the local platform over many swaps of a served model, each measured after a collection: drop a
 * version, ask it, drop the next. RELIABILITY asks for less than 50 MB over 1,000.
 * Run: npm run bench:swaps [-- how many]
 */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './server.ts';
import { table } from './table.ts';

const SWAPS = Number(process.argv[2] ?? 1_000);
const KEY = 'bench-admin-key';
const WIDTH = 500;
const EVERY = Math.max(1, Math.floor(SWAPS / 10));
const PAGE_BYTES = 4_096;

const home = await mkdtemp(join(tmpdir(), 'modeldrop-swaps-'));
const port = await freePort();
const environment = { MODELDROP_HOME: home, MODELDROP_PORT: '0', MODELDROP_KEY: KEY, MODELDROP_EXAMPLES: '0' };
// Node says on stderr when an inspector comes and goes.
const platform = await serve([`--inspect=127.0.0.1:${port}`, 'infra/local/entry.ts'], environment, 'ignore');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port: free } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return free;
}

/** Collects the platform's garbage by its inspector, and reads what it holds then. */
async function residentMegabytes(): Promise<number> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as [{ webSocketDebuggerUrl: string }];
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((open) => socket.addEventListener('open', open));
  const done = new Promise((answered) => socket.addEventListener('message', answered));
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
  await done;
  socket.close();
  const pages = Number((await readFile(`/proc/${platform.pid}/statm`, 'utf8')).split(' ')[1]);
  return (pages * PAGE_BYTES) / 1e6;
}

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const features = Array.from({ length: WIDTH }, (_, k) => `x${k}`);
const instances = [features.map(() => 1)];
await mkdir(join(home, 'inbox/swapped'), { recursive: true });

async function swap(slope: number): Promise<void> {
  const parameters = { coefficients: [features.map(() => slope)], intercept: [0] };
  const file = join(home, 'inbox/swapped', `v${slope}.json`);
  await writeFile(`${file}.part`, JSON.stringify({ modeldrop: 1, kind: 'linear', features, parameters }));
  await rename(`${file}.part`, file);
  for (;;) {
    const answer = await fetch(`${platform.url}/v1/models/swapped:predict`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ instances }),
    });
    const { predictions } = (await answer.json()) as { predictions?: number[] };
    if (predictions?.[0] === slope * WIDTH) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

const startedAt = performance.now();
const rows: string[][] = [];
let first = 0;
for (let slope = 1; slope <= SWAPS; slope++) {
  await swap(slope);
  if (slope !== 1 && slope % EVERY > 0) continue;
  const resident = await residentMegabytes();
  first ||= resident;
  rows.push([String(slope), `${resident.toFixed(1)} MB`, `${(resident - first).toFixed(1)} MB`]);
  process.stderr.write(`${rows.at(-1)?.join('  ')}\n`);
}
console.info(table(['swaps', 'resident', 'growth'], rows));
console.info(`${SWAPS} swaps in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
platform.stop();
await rm(home, { recursive: true, force: true });
