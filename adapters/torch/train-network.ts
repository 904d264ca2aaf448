import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { NetworkTask } from '../../models/learning/network/network-task.ts';
import type { Python } from './find-python.ts';
import { TorchFailed } from './torch-failed.ts';

/** Rows in single precision, one after the other, and their targets: numbers, or positions of classes. */
export interface NetworkRows {
  readonly rows: Float32Array<ArrayBuffer>;
  readonly targets: Float64Array | Int32Array;
}

export interface NetworkInput {
  readonly task: NetworkTask;
  readonly fit: NetworkRows;
  readonly validation: NetworkRows;
  /** Rows that PyTorch answers once it is done, so that whoever serves the file can be held against it. */
  readonly examples: Float32Array<ArrayBuffer>;
}

/** One pass over the training rows. Losses are means: cross entropy, or squared errors in units of the target's variance. */
export interface Epoch {
  readonly epoch: number;
  readonly of: number;
  readonly loss: number;
  readonly validation: number;
  readonly seconds: number;
}

export interface TrainedNetwork {
  /** Input `input` `[-1, width]`; output `probabilities` `[-1, K]`, or `value` `[-1]`. */
  readonly onnx: Uint8Array;
  /** PyTorch's own answers to the examples: probabilities row by row, or values. */
  readonly answers: Float32Array;
  readonly epochs: readonly Epoch[];
  /** The epoch whose weights were kept. */
  readonly best: number;
  readonly parameters: number;
}

export interface NetworkPorts {
  readonly onEpoch: (epoch: Epoch) => void;
  /** Ends the training; nothing is left behind. */
  readonly signal: AbortSignal;
}

const program = fileURLToPath(new URL('../../trainers/modeldrop_network.py', import.meta.url));

/** Trains in a process of its own, on this machine. @throws TorchFailed, the signal's reason */
export async function trainNetwork(
  python: Python,
  { task, fit, validation, examples }: NetworkInput,
  ports: NetworkPorts,
): Promise<TrainedNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'modeldrop-network-'));
  try {
    const put = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(folder, name), content);
    await put('task.json', JSON.stringify(task));
    for (const [name, { rows, targets }] of Object.entries({ train: fit, validation })) {
      await put(`${name}.f32`, bytesOf(rows));
      await put(`${name}.${targets instanceof Int32Array ? 'i32' : 'f64'}`, bytesOf(targets));
    }
    await put('examples.f32', bytesOf(examples));
    const { epochs, end } = await run(python, folder, ports);
    const answers = await readFile(join(folder, 'answers.f32'));
    return {
      onnx: new Uint8Array(await readFile(join(folder, 'network.onnx'))),
      answers: new Float32Array(answers.buffer.slice(answers.byteOffset, answers.byteOffset + answers.length)),
      epochs,
      ...end,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Typed arrays are little-endian on every machine that Node runs on. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function wordsOf(line: string): Epoch | (End & { readonly done: true }) {
  try {
    return JSON.parse(line);
  } catch {
    throw new TorchFailed(`it said ${line.slice(0, 200)}`);
  }
}

interface End {
  readonly best: number;
  readonly parameters: number;
}

async function run({ path }: Python, folder: string, { onEpoch, signal }: NetworkPorts) {
  signal.throwIfAborted();
  const child = spawn(path, ['-B', program, folder], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const said = text(child.stderr);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const epochs: Epoch[] = [];
  let end: End | undefined;
  try {
    for await (const line of createInterface(child.stdout)) {
      const words = wordsOf(line);
      if ('done' in words) end = { best: words.best, parameters: words.parameters };
      else {
        epochs.push(words);
        onEpoch(words);
      }
    }
    const [code] = await closed;
    signal.throwIfAborted();
    if (code !== 0 || !end) throw new TorchFailed((await said).trim().split('\n').at(-1) || `it ended with ${code}`);
    return { epochs, end };
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}
