/**
 * Linear models side by side with numpy, scikit-learn, liblinear-train and npm's ml-logistic-regression, in one run, on the same numbers: seconds, and ratios
 * to ours. Objectives are compared too: faster counts for nothing where the answer is worse.
 * Run: npm exec -- node bench/learning/linear.ts [path of a python3 with scikit-learn]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elasticNet } from '../../models/learning/elastic-net.ts';
import { leastSquares } from '../../models/learning/least-squares.ts';
import { logisticRegression } from '../../models/learning/logistic/logistic.ts';
import { table } from '../table.ts';
import { npmLogistic, STEPS } from './npm-logistic.ts';
import { askPython } from './python.ts';
import { writeSample } from './sample-files.ts';
import { classesOf, digits, sample } from './samples.ts';
import { timed } from './timed.ts';

interface Peer {
  readonly seconds: number;
  readonly objective?: number;
  readonly first?: number;
}

const line = sample(20, 80_000, 50, ([a = 0, b = 0], normal) => a - 2 * b + normal());
const logistic = {
  binary: sample(21, 20_000, 30, ([a = 0, b = 0], normal) => (a + b + normal() > 0 ? 1 : 0)),
  multinomial: sample(22, 20_000, 30, ([a = 0, b = 0], normal) => (a + normal() > 0.5 ? 2 : b + normal() > 0 ? 1 : 0)),
  digits: await digits(),
};
const RUNS = 5;

const folder = await mkdtemp(join(tmpdir(), 'modeldrop-learning-'));
for (const [name, one] of Object.entries({ 'least-squares': line, ...logistic })) {
  await writeSample(folder, name, one);
}
const peers = askPython(new URL('linear_peers.py', import.meta.url), folder) as Record<string, Peer>;
await rm(folder, { recursive: true });

const rowOf = (what: string, ours: number, { seconds }: Peer, note: string): string[] => [
  what,
  `${(1_000 * ours).toFixed(1)} ms`,
  `${(1_000 * seconds).toFixed(1)} ms`,
  `${(seconds / ours).toFixed(2)} x`,
  note,
];

const below = (peer: Peer, ours: number): string =>
  peer.objective === undefined ? '' : `objective below theirs by ${(peer.objective - ours).toExponential(1)}`;

/** How far above the optimum, relative to it. */
const excess = (objective: number | undefined, optimum: number): string =>
  objective === undefined ? 'unknown' : Math.max(0, objective / optimum - 1).toExponential(0);

function* leastSquaresRows(): Iterable<string[]> {
  const { seconds, result } = timed(() => leastSquares(line.rows, line.targets), RUNS);
  const peer = peers['least-squares'] as Peer;
  const difference = Math.abs((result.coefficients[0] as number) - (peer.first ?? Number.NaN));
  yield rowOf('least squares 80,000 x 50, numpy', seconds, peer, `differs by ${difference.toExponential(1)}`);
}

function* elasticNetRows(): Iterable<string[]> {
  for (const alpha of [0.1, 0.001]) {
    for (const l1Ratio of [1, 0.5]) {
      const { seconds, result } = timed(() => elasticNet(line.rows, line.targets, { alpha, l1Ratio }), RUNS);
      const peer = peers[`elastic-net ${alpha} ${l1Ratio}`] as Peer;
      yield rowOf(`elastic net ${alpha}, ${l1Ratio} of l1`, seconds, peer, below(peer, result.objective));
    }
  }
}

/** Fits may end where they are so close to the optimum, relative to it. */
const EXCESS = 1e-6;

function* logisticRows(): Iterable<string[]> {
  for (const [name, one] of Object.entries(logistic)) {
    const [positions, classes] = [Int32Array.from(one.targets), classesOf(one)];
    for (const penalty of ['l2', 'l1'] as const) {
      const options = { classes, C: 1, penalty };
      const { first, seconds, result } = timed(
        () => logisticRegression(one.rows, positions, { ...options, tolerance: EXCESS }),
        RUNS,
      );
      const optimum = logisticRegression(one.rows, positions, options).objective;
      for (const peer of Object.keys(peers).filter((key) => key.startsWith(`${name} ${penalty}`))) {
        const facts = peers[peer] as Peer;
        const notes = [`excess ${excess(result.objective, optimum)}, theirs ${excess(facts.objective, optimum)}`];
        notes.push(`our first fit ${(1_000 * first).toFixed(0)} ms`);
        yield rowOf(`logistic ${peer}`, seconds, facts, notes.join('; '));
      }
    }
  }
}

/** Gradient descent ends where it was told to, however far from the optimum that is. */
function* npmRows(): Iterable<string[]> {
  const { rows, targets } = logistic.binary;
  const peer = npmLogistic(logistic.binary);
  if (!peer) return;
  const options = { classes: 2, C: 1, penalty: 'none' } as const;
  const { seconds, result } = timed(() => logisticRegression(rows, Int32Array.from(targets), options), RUNS);
  const note = `excess ${excess(lossOf(peer.result), result.objective)} after ${STEPS} steps`;
  yield rowOf('logistic binary, none, ml-logistic-regression', seconds, peer, note);
}

/** Without a penalty, of weights whose last is the intercept. */
function lossOf(weights: readonly number[]): number {
  const { rows, targets } = logistic.binary;
  let loss = 0;
  for (let row = 0; row < rows.count; row++) {
    let score = weights[rows.width] as number;
    for (let k = 0; k < rows.width; k++)
      score += (weights[k] as number) * (rows.values[row * rows.width + k] as number);
    loss += Math.log1p(Math.exp((targets[row] as number) > 0 ? -score : score));
  }
  return loss;
}

console.info(
  table(
    ['fit', 'modeldrop', 'peer', 'ratio', ''],
    [...leastSquaresRows(), ...elasticNetRows(), ...logisticRows(), ...npmRows()],
  ),
);
