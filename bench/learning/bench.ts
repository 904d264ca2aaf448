/**
 * Fits side by side with scikit-learn and numpy, in one run, on the same numbers: seconds, and ratios to ours. Objectives
 * are compared too: faster counts for nothing where the answer is worse. Needs a python3 with scikit-learn.
 * Run: npm run bench:learning [path of that python3]
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTable } from '../../adapters/table/read-table.ts';
import { logisticRegression } from '../../models/learning/logistic/logistic.ts';
import { seededRandom } from '../../models/learning/random.ts';
import { ridge } from '../../models/learning/ridge.ts';
import { trainSvc } from '../../models/learning/svm/svc.ts';
import type { Rows } from '../../models/rows.ts';
import { table } from '../table.ts';

const python = process.argv[2] ?? '/usr/bin/python3';
const folder = await mkdtemp(join(tmpdir(), 'modeldrop-learning-'));

interface Sample {
  readonly rows: Rows;
  readonly targets: Float64Array;
}

const random = seededRandom(20);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Normal columns, and a target that some of them decide. */
function sample(count: number, width: number, targetOf: (row: Float64Array) => number): Sample {
  const values = Float64Array.from({ length: count * width }, normal);
  const targets = Float64Array.from({ length: count }, (_, i) => targetOf(values.subarray(i * width, (i + 1) * width)));
  return { rows: { count, width, values }, targets };
}

const at = (row: Float64Array, k: number): number => row[k] as number;
const curved = (row: Float64Array): number =>
  at(row, 0) ** 2 + at(row, 1) * at(row, 2) + at(row, 3) + 0.5 * normal() > 1 ? 1 : 0;

async function digits(): Promise<Sample> {
  const url = new URL('../../test/reference/data/digits.csv', import.meta.url);
  const { frame } = await parseTable({ name: 'digits', bytes: await readFile(url) });
  const columns = frame.columns.map(({ values }) => values as Float64Array);
  const width = columns.length - 1;
  const values = Float64Array.from({ length: frame.count * width }, (_, i) =>
    at(columns[i % width] as Float64Array, Math.floor(i / width)),
  );
  return { rows: { count: frame.count, width, values }, targets: columns.at(-1) as Float64Array };
}

const samples: Record<string, Sample> = {
  'svm-2000': sample(2_000, 20, curved),
  'svm-4000': sample(4_000, 20, curved),
  'svm-8000': sample(8_000, 20, curved),
  'svm-16000': sample(16_000, 20, curved),
  digits: await digits(),
  'least-squares': sample(80_000, 50, (row) => at(row, 0) - 2 * at(row, 1) + normal()),
  binary: sample(20_000, 30, (row) => (at(row, 0) + at(row, 1) + normal() > 0 ? 1 : 0)),
  multinomial: sample(20_000, 30, (row) => (at(row, 0) + normal() > 0.5 ? 2 : at(row, 1) + normal() > 0 ? 1 : 0)),
};

for (const [name, { rows, targets }] of Object.entries(samples)) {
  const { count, width, values } = rows;
  const data = Float64Array.from({ length: count * (width + 1) }, (_, i) => {
    const [row, column] = [Math.floor(i / (width + 1)), i % (width + 1)];
    return column === width ? at(targets, row) : at(values, row * width + column);
  });
  await writeFile(join(folder, `${name}.f64`), new Uint8Array(data.buffer));
  await writeFile(join(folder, `${name}.shape`), new Uint8Array(Int32Array.of(count, width + 1).buffer));
}

function timed<T>(work: () => T, times = 3): { seconds: number; result: T } {
  let seconds = Number.POSITIVE_INFINITY;
  let result: T | undefined;
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    result = work();
    seconds = Math.min(seconds, (performance.now() - startedAt) / 1_000);
  }
  return { seconds, result: result as T };
}

interface Peer {
  readonly seconds: number;
  readonly vectors?: number;
  readonly objective?: number;
  readonly first?: number;
}

const script = new URL('peers.py', import.meta.url).pathname;
const peers: Record<string, Peer> = JSON.parse(
  execFileSync(python, [script, folder], { maxBuffer: 1 << 24 }).toString(),
);

const lines: string[][] = [];
const report = (what: string, ours: number, peer: Peer, note: string): void => {
  lines.push([
    what,
    `${ours.toFixed(3)} s`,
    `${peer.seconds.toFixed(3)} s`,
    `${(peer.seconds / ours).toFixed(2)} x`,
    note,
  ]);
};

const kernel = { type: 'rbf', gamma: 'scale', degree: 3, coef0: 0 } as const;
for (const name of ['svm-2000', 'svm-4000', 'svm-8000', 'svm-16000', 'digits']) {
  const { rows, targets } = samples[name] as Sample;
  const positions = Int32Array.from(targets);
  const classes = new Set(positions).size;
  const fit = () => trainSvc(rows, positions, { kernel, C: 1, classes, tolerance: 1e-3 });
  const { seconds, result } = timed(fit, rows.count > 8_000 ? 1 : 3);
  report(
    `${name} RBF`,
    seconds,
    peers[name] as Peer,
    `${result.supportIndices.length} and ${peers[name]?.vectors} support vectors`,
  );
}
const linear = samples['least-squares'] as Sample;
const least = timed(() => ridge(linear.rows, linear.targets, { alpha: 1e-9 }));
const difference = Math.abs((least.result.coefficients[0] as number) - (peers['least-squares']?.first ?? Number.NaN));
report(
  'least squares 80,000 x 50',
  least.seconds,
  peers['least-squares'] as Peer,
  `differs by ${difference.toExponential(1)}`,
);
for (const name of ['binary', 'multinomial', 'digits']) {
  const { rows, targets } = samples[name] as Sample;
  const positions = Int32Array.from(targets);
  const fit = () => logisticRegression(rows, positions, { classes: new Set(positions).size, C: 1 });
  const { seconds, result } = timed(fit, 1);
  const peer = peers[`logistic ${name}`] as Peer;
  report(
    `logistic ${name}`,
    seconds,
    peer,
    `objective below theirs by ${((peer.objective ?? 0) - result.objective).toExponential(1)}`,
  );
}
console.info(table(['fit', 'modeldrop', 'peer', 'ratio', ''], lines));
await rm(folder, { recursive: true, force: true });
