/**
 * From a file in the inbox to the first right answer, as a person does it: the file is copied there, and asked for until it
 * answers. Of each format so many drops, each a model of its own; the inbox lets a file rest for a second before it is
 * taken for whole. Median and 95th percentile.
 * With `stand-in`, the platform is deployed to the stand-in of AWS (test/aws), and the files are put into its bucket: each of the
 * first drops starts its functions cold.
 * Run: npm run bench:drop [drops] [stand-in]
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from './server.ts';
import type { Place } from './stand-in.ts';
import { table } from './table.ts';

const [stated = '20', where] = process.argv.slice(2);
const DROPS = Number(stated);
const KEY = 'bench-admin-key';
const TOLERANCE = 1e-4;
/** A drop that takes longer was refused. */
const MOST_MS = 20_000;
const reference = join(import.meta.dirname, '../test/reference/models');

interface Drop {
  readonly file: string;
  readonly expected: string;
  /** Of what its reference says, what V1 answers. */
  readonly answers: string;
}

const formats: Readonly<Record<string, Drop>> = {
  'ONNX, logistic': { file: 'logistic.onnx', expected: 'logistic.expected.json', answers: 'label' },
  'ONNX, CNN': { file: 'digits-cnn.onnx', expected: 'digits-cnn.expected.json', answers: 'logits' },
  LIBSVM: { file: 'libsvm-iris-rbf-b1.model', expected: 'libsvm-iris-rbf-b1.expected.json', answers: 'prediction' },
  LIBLINEAR: {
    file: 'liblinear-digits-lr.model',
    expected: 'liblinear-digits-lr.expected.json',
    answers: 'prediction',
  },
  XGBoost: {
    file: 'xgboost/squarederror.json',
    expected: 'xgboost/squarederror.json.expected.json',
    answers: 'prediction',
  },
  LightGBM: { file: 'lightgbm/regression.txt', expected: 'lightgbm/regression.expected.json', answers: 'prediction' },
};

/** A line of one feature, in our own format. */
const line = {
  modeldrop: 1,
  kind: 'linear',
  features: ['x'],
  parameters: { coefficients: [[2]], intercept: [1], link: 'identity' },
};

interface Case {
  readonly file: string;
  readonly instances: readonly unknown[];
  readonly predictions: readonly unknown[];
}

const home = await mkdtemp(join(tmpdir(), 'modeldrop-drop-'));
const sources = join(home, 'sources');
async function caseOf({ file, expected, answers }: Drop): Promise<Case> {
  const figures = JSON.parse(await readFile(join(reference, expected), 'utf8'));
  const pictures = Array.isArray(figures.input_shape) && figures.input_shape.length === 4;
  const rows = (figures.input as unknown[]).slice(0, 5) as number[][];
  const instances = pictures ? rows.map((row) => [rowsOfEight(row.flat())]) : rows;
  return { file: join(reference, file), instances, predictions: figures[answers].slice(0, 5) };
}

const rowsOfEight = (pixels: readonly number[]): number[][] =>
  Array.from({ length: 8 }, (_, y) => pixels.slice(8 * y, 8 * y + 8));

const isRight = (answered: readonly unknown[], expected: readonly unknown[]): boolean => {
  const [got, wanted] = [answered.flat().map(Number), expected.flat().map(Number)];
  return wanted.every((value, i) => Math.abs((got[i] as number) - value) <= TOLERANCE * Math.max(1, Math.abs(value)));
};

/** Seconds from the copy to the first right answer. */
async function drop(place: Place, model: string, { file, instances, predictions }: Case): Promise<number> {
  const bytes = await readFile(file);
  const started = performance.now();
  await place.put(model, basename(file), bytes);
  for (;;) {
    const answer = await fetch(`${place.url}/v1/models/${model}:predict`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ instances }),
    });
    if (answer.ok) {
      const told = ((await answer.json()) as { predictions: unknown[] }).predictions;
      if (!isRight(told, predictions)) throw new Error(`${model} answered ${JSON.stringify(told)}`);
      return (performance.now() - started) / 1_000;
    }
    const isLate = performance.now() - started > MOST_MS;
    if (answer.status !== 404 || isLate) throw new Error(`${file}: ${answer.status} ${await answer.text()}`);
    await sleep(20);
  }
}

const at = (sorted: readonly number[], share: number): string =>
  `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number).toFixed(2)} s`;

await mkdir(sources);
await writeFile(join(sources, 'model.json'), JSON.stringify(line));
const cases = new Map<string, Case>([
  ['model.json', { file: join(sources, 'model.json'), instances: [[3]], predictions: [7] }],
]);
for (const [name, of] of Object.entries(formats)) cases.set(name, await caseOf(of));

/** A file is written into the inbox as a person copies it there. */
async function onThisMachine(): Promise<Place> {
  const { url, stop } = await serve(['infra/local/entry.ts'], {
    MODELDROP_HOME: home,
    MODELDROP_PORT: '0',
    MODELDROP_KEY: KEY,
    MODELDROP_EXAMPLES: '0',
  });
  return {
    url,
    async put(model, file, content) {
      await mkdir(join(home, 'inbox', model), { recursive: true });
      await writeFile(join(home, 'inbox', model, file), content);
    },
    stop: async () => stop(),
  };
}

const place = where === 'stand-in' ? await (await import('./stand-in.ts')).onStandIn(KEY) : await onThisMachine();

const rows: string[][] = [];
try {
  for (const [index, [name, of]] of [...cases].entries()) {
    const seconds: number[] = [];
    for (let i = 0; i < DROPS; i++) seconds.push(await drop(place, `m${index}-${i}`, of));
    const first = at(seconds.slice(0, 1), 0);
    seconds.sort((a, b) => a - b);
    rows.push([name, first, at(seconds, 0.5), at(seconds, 0.95)]);
  }
} finally {
  await place.stop();
}
console.info(table([`${DROPS} drops each`, 'first', 'median', '95th percentile'], rows));
await rm(home, { recursive: true, force: true, maxRetries: 5 });
