/**
 * A model of 300 MB, from the inbox to its first right answer: a linear layer of PyTorch, dropped for the endpoint or, with
 * `lambda`, for a process of its own. Seconds, and the most memory that each process of the platform held.
 * Run: npm run bench:large-model [endpoint | lambda] [inputs of the layer] [python3]
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serve } from './server.ts';
import { table } from './table.ts';

const [placement = 'endpoint', inputs = '8660', python = '/usr/bin/python3'] = process.argv.slice(2);
const KEY = 'bench-admin-key';
const TOLERANCE = 1e-4;
/** A drop that takes longer was refused. */
const MOST_MS = 300_000;
const MEGABYTE = 2 ** 20;

const home = await mkdtemp(join(tmpdir(), 'modeldrop-large-'));
const [model, folder] = [join(home, 'layer.onnx'), join(home, 'inbox/large')];
const made = await promisify(execFile)(python, [join(import.meta.dirname, 'large_model.py'), inputs, model], {
  maxBuffer: 64 * MEGABYTE,
});
const { row, expected } = JSON.parse(made.stdout.slice(made.stdout.indexOf('{'))) as Record<
  'row' | 'expected',
  number[]
>;
const { size } = await stat(model);

const platform = await serve(['infra/local/entry.ts'], {
  MODELDROP_HOME: home,
  MODELDROP_PORT: '0',
  MODELDROP_KEY: KEY,
  MODELDROP_EXAMPLES: '0',
});

/** The most that each process of the platform was seen to hold, by what it is. */
const most = new Map<string, number>();

async function watchMemory(): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [status, command] = await Promise.all(
      ['status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    const parent = /^PPid:\s+(\d+)/m.exec(status as string)?.[1];
    if (Number(pid) !== platform.pid && Number(parent) !== platform.pid) continue;
    const name = Number(pid) === platform.pid ? 'platform' : programOf(command as string);
    const held = Number(/^VmHWM:\s+(\d+)/m.exec(status as string)?.[1] ?? 0) / 1_024;
    most.set(name, Math.max(held, most.get(name) ?? 0));
  }
}

const programOf = (command: string): string =>
  /\/(\w[\w-]*?)(?:-[0-9a-f]{16}\.mjs|\/entry\.ts)/.exec(command)?.[1] ?? 'other';

async function firstRightAnswer(): Promise<void> {
  for (const started = performance.now(); ; await sleep(50)) {
    const answer = await fetch(`${platform.url}/v1/models/large:predict`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ instances: [row] }),
    });
    const said = await answer.text();
    if (answer.ok) return requireRight((JSON.parse(said) as { predictions: number[][] }).predictions[0] ?? []);
    const refused = (await readdir(folder)).find((name) => name.endsWith('.report.json'));
    if (refused) throw new Error(await readFile(join(folder, refused), 'utf8'));
    if (answer.status < 500 && answer.status !== 404) throw new Error(said);
    if (performance.now() - started > MOST_MS) throw new Error(`${answer.status} ${said}`);
  }
}

function requireRight(answered: readonly number[]): void {
  const isRight = (value: number, i: number): boolean =>
    Math.abs((answered[i] as number) - value) <= TOLERANCE * Math.max(1, Math.abs(value));
  if (answered.length !== expected.length || !expected.every(isRight)) throw new Error('it does not answer as PyTorch');
}

const watching = setInterval(() => void watchMemory(), 50);
try {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'drop.json'), JSON.stringify({ placement }));
  await rename(model, join(folder, 'layer.onnx'));
  const started = performance.now();
  await firstRightAnswer();
  const first = (performance.now() - started) / 1_000;
  const again = performance.now();
  await firstRightAnswer();
  const rows = [
    ['from the drop to the first right answer', `${first.toFixed(1)} s`],
    ['the second answer', `${((performance.now() - again) / 1_000).toFixed(2)} s`],
    ...Array.from(most, ([name, megabytes]) => [`most resident memory: ${name}`, `${megabytes.toFixed(0)} MB`]),
  ];
  console.info(table([`${(size / MEGABYTE).toFixed(0)} MB, ${placement}`, ''], rows));
} finally {
  clearInterval(watching);
  platform.stop();
  await sleep(500);
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}
