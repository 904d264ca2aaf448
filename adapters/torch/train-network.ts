import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type NetworkInput, networkFiles } from '../../models/learning/network/network-input.ts';
import type { Epoch, TrainedNetwork } from '../../models/learning/network/trained-network.ts';
import type { Python } from './find-python.ts';
import { TorchFailed } from './torch-failed.ts';

export interface NetworkPorts {
  readonly onEpoch: (epoch: Epoch) => void;
  /** Ends the training; nothing is left behind. */
  readonly signal: AbortSignal;
}

const program = fileURLToPath(new URL('../../trainers/modeldrop_network.py', import.meta.url));

/** Trains in a process of its own, on this machine. @throws TorchFailed, the signal's reason */
export async function trainNetwork(python: Python, input: NetworkInput, ports: NetworkPorts): Promise<TrainedNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'modeldrop-network-'));
  try {
    for (const { name, bytes } of networkFiles(input)) await writeFile(join(folder, name), bytes);
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
