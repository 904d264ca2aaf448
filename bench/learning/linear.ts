/**
 * Least squares and logistic regression side by side with numpy and scikit-learn, in one run, on the same numbers: seconds,
 * and ratios to ours. Objectives are compared too: faster counts for nothing where the answer is worse.
 * Run: npm exec -- node bench/learning/linear.ts [path of a python3 with scikit-learn]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logisticNewton } from '../../models/learning/logistic-newton.ts';
import { ridge } from '../../models/learning/ridge.ts';
import { table } from '../table.ts';
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

const folder = await mkdtemp(join(tmpdir(), 'modeldrop-learning-'));
for (const [name, one] of Object.entries({ 'least-squares': line, ...logistic })) {
  await writeSample(folder, name, one);
}
const peers = askPython(new URL('linear_peers.py', import.meta.url), folder) as Record<string, Peer>;
await rm(folder, { recursive: true });
const peerOf = (name: string): Peer => peers[name] as Peer;

const rowOf = (what: string, ours: number, { seconds }: Peer, note: string): string[] => [
  what,
  `${ours.toFixed(3)} s`,
  `${seconds.toFixed(3)} s`,
  `${(seconds / ours).toFixed(2)} x`,
  note,
];

function leastSquares(): string[] {
  const { seconds, result } = timed(() => ridge(line.rows, line.targets, { alpha: 1e-9 }));
  const peer = peerOf('least-squares');
  const difference = Math.abs((result.coefficients[0] as number) - (peer.first ?? Number.NaN));
  return rowOf('least squares 80,000 x 50', seconds, peer, `differs by ${difference.toExponential(1)}`);
}

const regressions = Object.entries(logistic).map(([name, one]) => {
  const positions = Int32Array.from(one.targets);
  const options = { classes: classesOf(one), C: 1 };
  const { seconds, result } = timed(() => logisticNewton(one.rows, positions, options), 1);
  const peer = peerOf(name);
  const excess = (peer.objective ?? Number.NaN) - result.objective;
  return rowOf(`logistic ${name}`, seconds, peer, `objective below theirs by ${excess.toExponential(1)}`);
});
console.info(table(['fit', 'modeldrop', 'peer', 'ratio', ''], [leastSquares(), ...regressions]));
