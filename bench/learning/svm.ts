/**
 * Support vector machines side by side with scikit-learn, in one run, on the same numbers.
 * Run: npm exec -- node bench/learning/svm.ts [path of a python3 with scikit-learn]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainSvc } from '../../models/learning/svm/svc.ts';
import { table } from '../table.ts';
import { askPython, writeForPython } from './for-python.ts';
import { classesOf, digits, type Sample, sample } from './samples.ts';
import { timed } from './timed.ts';

interface Peer {
  readonly seconds: number;
  readonly vectors: number;
}

const curved = (seed: number, count: number): Sample =>
  sample(seed, count, 20, ([a = 0, b = 0, c = 0, d = 0], normal) => (a ** 2 + b * c + d + 0.5 * normal() > 1 ? 1 : 0));

const samples: Record<string, Sample> = {
  ...Object.fromEntries([2_000, 4_000, 8_000, 16_000].map((count) => [`svm-${count}`, curved(20, count)])),
  digits: await digits(),
};

const folder = await mkdtemp(join(tmpdir(), 'modeldrop-learning-'));
for (const [name, one] of Object.entries(samples)) await writeForPython(folder, name, one);
const peers = askPython('svm_peers.py', folder) as Record<string, Peer>;
await rm(folder, { recursive: true });

const kernel = { type: 'rbf', gamma: 'scale', degree: 3, coef0: 0 } as const;
const lines = Object.entries(samples).map(([name, one]) => {
  const positions = Int32Array.from(one.targets);
  const fit = () => trainSvc(one.rows, positions, { kernel, C: 1, classes: classesOf(one), tolerance: 1e-3 });
  const { seconds, result } = timed(fit, one.rows.count > 8_000 ? 1 : 3);
  const peer = peers[name] as Peer;
  return [
    `${name} RBF`,
    `${seconds.toFixed(3)} s`,
    `${peer.seconds.toFixed(3)} s`,
    `${(peer.seconds / seconds).toFixed(2)} x`,
    `${result.supportIndices.length} and ${peer.vectors} support vectors`,
  ];
});
console.info(table(['fit', 'modeldrop', 'peer', 'ratio', ''], lines));
