import { truthOn } from '../answers.ts';
import { exampleRows } from './finish-network.ts';
import type { NetworkTask } from './network-task.ts';
import { floatRows, type NetworkProblem } from './pose-network.ts';

/** Rows in single precision, one after the other, and their targets: numbers, or positions of classes. */
export interface NetworkRows {
  readonly rows: Float32Array<ArrayBuffer>;
  readonly targets: Float64Array | Int32Array;
}

/** What the program that trains learns from. */
export interface NetworkInput {
  readonly task: NetworkTask;
  readonly fit: NetworkRows;
  readonly validation: NetworkRows;
  /** Rows that PyTorch answers once it is done, so that whoever serves the file can be held against it. */
  readonly examples: Float32Array<ArrayBuffer>;
}

/** @param examples the first test rows, where nobody says otherwise */
export function networkInput(posed: NetworkProblem, examples = exampleRows(posed)): NetworkInput {
  const { problem, task, split } = posed;
  const { features, truth } = problem;
  const side = (rows: Int32Array): NetworkRows => ({ rows: floatRows(features, rows), targets: truthOn(truth, rows) });
  return { task, fit: side(split.fit), validation: side(split.validation), examples };
}

/** The same as files, as the program reads them: numbers are little-endian, as on every machine that Node runs on. */
export function networkFiles({ task, fit, validation, examples }: NetworkInput): { name: string; bytes: Uint8Array }[] {
  const sides = Object.entries({ train: fit, validation }).flatMap(([name, { rows, targets }]) => [
    { name: `${name}.f32`, bytes: bytesOf(rows) },
    { name: `${name}.${targets instanceof Int32Array ? 'i32' : 'f64'}`, bytes: bytesOf(targets) },
  ]);
  return [
    { name: 'task.json', bytes: new TextEncoder().encode(JSON.stringify(task)) },
    ...sides,
    { name: 'examples.f32', bytes: bytesOf(examples) },
  ];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
