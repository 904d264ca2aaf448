/**
 * From a CSV of 100 MB to a proven model, as one process: `modeldrop train` beside pandas and scikit-learn on the same file.
 * Wall time, processor time and the peak of resident memory. Ours also finds 95 % intervals, compares with guessing and
 * looks for leaks; the peer does not. Needs a python3 with pandas and scikit-learn, and Linux's /proc.
 * Run: npm run bench:large [megabytes] [path of that python3]
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../models/learning/random.ts';
import { table } from '../table.ts';

const [megabytes = '100', python = '/usr/bin/python3'] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'modeldrop-large-'));
const file = join(folder, 'large.csv');

const random = seededRandom(100);
const CITIES = ['Oslo', 'Bergen', 'Trondheim', 'Tromsø', '"Ås, east"', 'Bodø', 'Hamar', 'Molde'] as const;
const SIZES = ['S', 'M', 'L', 'XL'] as const;

/** Numbers of every length, categories with quotes and letters beyond ASCII, and gaps in three columns. */
function line(): string {
  const [age, income, debt] = [18 + random.integer(60), random.next() * 90_000, random.next()];
  const city = CITIES[random.integer(CITIES.length)] as string;
  const logOdds = -1 + 0.02 * (age - 40) + 2 * debt - income / 50_000 + (city === 'Oslo' ? 0.5 : 0);
  const gap = (share: number, cell: string): string => (random.next() < share ? '' : cell);
  return [
    age,
    gap(0.05, income.toFixed(2)),
    gap(0.02, debt.toFixed(5)),
    random.integer(30),
    (58 + random.next() * 12).toFixed(6),
    (5 + random.next() * 20).toFixed(6),
    random.next() * 2 - 1,
    gap(0.03, city),
    SIZES[random.integer(SIZES.length)],
    `c${random.integer(6)}`,
    random.next() < 1 / (1 + Math.exp(-logOdds)) ? 'yes' : 'no',
  ].join(',');
}

function* lines(bytes: number): Generator<string> {
  yield 'age,income,debt,visits,lat,lon,score,city,size,channel,target\n';
  for (let written = 0; written < bytes; ) {
    const block = `${Array.from({ length: 1_000 }, line).join('\n')}\n`;
    written += Buffer.byteLength(block);
    yield block;
  }
}

interface Run {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly output: string;
}

const PER_SECOND = 100;

/** Processor seconds and the peak so far of a process, as Linux counts them; the last look before the end counts. */
async function look(pid: number): Promise<{ cpu: number; megabytes: number } | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    return peak === undefined
      ? undefined
      : { cpu: (Number(ticks[11]) + Number(ticks[12])) / PER_SECOND, megabytes: Number(peak) / 1_024 };
  } catch {
    return undefined;
  }
}

async function run(command: string, args: readonly string[]): Promise<Run> {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  let seen = { cpu: 0, megabytes: 0 };
  const timer = setInterval(async () => {
    seen = (await look(child.pid as number)) ?? seen;
  }, 50);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return { seconds: (performance.now() - startedAt) / 1_000, ...seen, output };
}

const lastLine = (output: string) => JSON.parse(output.trim().split('\n').at(-1) as string);

try {
  await pipeline(Readable.from(lines(Number(megabytes) * 1e6)), createWriteStream(file));
  const cli = fileURLToPath(new URL('../../apps/cli/entry.ts', import.meta.url));
  const ours = await run(process.execPath, [
    cli,
    'train',
    file,
    '--kind',
    'logistic',
    '--out',
    join(folder, 'model'),
    '--json',
  ]);
  const peer = await run(python, [fileURLToPath(new URL('large_table.py', import.meta.url)), file]);
  const [{ metrics, trainMetrics, seconds }, theirs] = [lastLine(ours.output), lastLine(peer.output)];
  const row = (name: string, { seconds, cpu, megabytes }: Run, logloss: number, training: number, auc: number) => [
    name,
    `${seconds.toFixed(1)} s`,
    `${cpu.toFixed(1)} s`,
    `${megabytes.toFixed(0)} MB`,
    logloss.toFixed(5),
    training.toFixed(6),
    auc.toFixed(4),
  ];
  console.info(`${megabytes} MB, ${theirs.rows} rows; our preparation and fit alone: ${seconds.toFixed(1)} s`);
  console.info(
    table(
      ['', 'wall', 'processor', 'peak memory', 'test log loss', 'training log loss', 'AUC'],
      [
        row('modeldrop train', ours, metrics.logloss, trainMetrics.logloss, metrics.auc),
        row('pandas, scikit-learn', peer, theirs.logloss, theirs.train_logloss, theirs.auc),
      ],
    ),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
