/**
 * Support vector machines, RBF kernel, beside scikit-learn, LIBSVM's svm-train, and libsvm-js and ml-svm of npm: on the same
 * numbers, in one run, each in a process of its own that times its fit, by the clock and by the processor (all of them use
 * one). Objectives are computed by definition: faster counts
 * for nothing where the answer is worse. Writes the growth with the rows as a plot, reports/svm-growth.svg.
 * Needs: npm ci --prefix bench/learning/peers; svm-train (libsvm-tools) on the path; a python3 with scikit-learn.
 * Run: npm exec -- node bench/learning/svm.ts [path of that python3] [rows of the largest sample]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveKernel } from '../../models/learning/svm/svm-options.ts';
import { table } from '../table.ts';
import { dualObjective } from './dual-objective.ts';
import { growthPlot, type Point } from './growth-plot.ts';
import type { Fitted } from './machines/machine.ts';
import { writeSample } from './sample-files.ts';
import { digits, type Sample, sample } from './samples.ts';
import { ours, peers, type Trainer, train } from './trainers.ts';

/** A fit that takes longer is given up, and so are the larger samples of its trainer. */
const PATIENCE = 300;

interface Trial {
  readonly name: string;
  readonly sample: Sample;
  readonly C: number;
  readonly isOfGrowth?: true;
}

/** A curved boundary in 20 columns, four of which tell. */
const curved = (count: number): Sample =>
  sample(20, count, 20, ([a = 0, b = 0, c = 0, d = 0], normal) => (a ** 2 + b * c + d + 0.5 * normal() > 1 ? 1 : 0));

/** The same with columns as tables have them: each in another unit, none centred. */
function unscaled(count: number): Sample {
  const { rows, targets } = curved(count);
  const values = rows.values.map((value, at) => 3 ** ((at % rows.width) / 4) * (value + 5));
  return { rows: { ...rows, values }, targets };
}

/** Rows of the largest sample: an argument, so that a busy machine can do less. */
const most = Number(process.argv[3] ?? 32_000);

const trials: readonly Trial[] = [
  ...[2_000, 4_000, 8_000, 16_000, 32_000]
    .filter((count) => count <= most)
    .map((count) => ({
      name: `curved ${count} x 20`,
      sample: curved(count),
      C: 1,
      isOfGrowth: true as const,
    })),
  { name: 'digits', sample: await digits(), C: 1 },
  { name: 'digits, C 100', sample: await digits(), C: 100 },
  { name: 'curved 4000 x 20, C 100', sample: curved(4_000), C: 100 },
  { name: 'curved 2000 x 20, C 10000', sample: curved(2_000), C: 10_000 },
  { name: 'unscaled 2000 x 20, C 1000', sample: unscaled(2_000), C: 1_000 },
];

const folder = await mkdtemp(join(tmpdir(), 'modeldrop-learning-'));
const lines: string[][] = [];
const points: Point[] = [];
const givenUp = new Set<Trainer>();

for (const trial of trials) {
  const { name, C } = trial;
  const { rows } = trial.sample;
  const kernel = resolveKernel({ type: 'rbf', gamma: 'scale', degree: 3, coef0: 0 }, rows);
  const gamma = kernel.type === 'rbf' ? kernel.gamma : Number.NaN;
  await writeSample(folder, name, trial.sample);
  const task = { folder, name, C, gamma, tolerance: 1e-3, times: rows.count > 4_000 ? 1 : 3 };
  const objectiveOf = ({ objective, machine }: Fitted): number =>
    machine ? dualObjective(rows, machine, gamma) : (objective ?? Number.NaN);
  let first: { processor: number; objective: number } | undefined;
  for (const trainer of [ours, ...peers]) {
    const { mostGrowth = Number.POSITIVE_INFINITY } = trainer;
    const isBeyond = trial.isOfGrowth ? rows.count > mostGrowth : trainer.mostGrowth !== undefined;
    if (givenUp.has(trainer) || isBeyond) continue;
    const fitted = train(trainer, task, PATIENCE);
    if (!fitted) {
      givenUp.add(trainer);
      continue;
    }
    // A long run says where it is.
    console.warn(`${name}: ${trainer.name} took ${fitted.seconds.toFixed(3)} s`);
    const objective = objectiveOf(fitted);
    first ??= { processor: fitted.processor, objective };
    lines.push([
      trainer === ours ? name : '',
      trainer.name,
      `${fitted.first.toFixed(3)} s`,
      `${fitted.seconds.toFixed(3)} s`,
      `${fitted.processor.toFixed(3)} s`,
      `${(fitted.processor / first.processor).toFixed(2)} x`,
      ((objective - first.objective) / Math.abs(first.objective)).toExponential(1),
      String(fitted.vectors),
      String(fitted.iterations ?? ''),
    ]);
    if (trial.isOfGrowth) points.push({ trainer: trainer.name, rows: rows.count, seconds: fitted.processor });
  }
}
await rm(folder, { recursive: true });

const heading = [
  'sample',
  'trainer',
  'first fit',
  'clock',
  'processor',
  'to ours',
  'objective above ours',
  'vectors',
  'iterations',
];
console.info(table(heading, lines));
await mkdir('reports', { recursive: true });
await writeFile('reports/svm-growth.svg', growthPlot(points, 'Seconds of the processor for a fit, by rows'));
console.info('reports/svm-growth.svg: seconds by rows');
