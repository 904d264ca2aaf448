import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type NetworkInput, networkFiles } from '../../models/learning/network/network-input.ts';
import type { Epoch, TrainedNetwork } from '../../models/learning/network/trained-network.ts';
import type { Python } from './find-python.ts';
import { TorchFailed } from './torch-failed.ts';
import { LEFT_BEHIND, trainedFrom, wordsOf } from './trained-files.ts';

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
    await run(python, folder, ports);
    const names = (await readdir(folder)).filter((name) => LEFT_BEHIND.includes(name));
    const files = await Promise.all(
      names.map(async (name) => ({ name, bytes: new Uint8Array(await readFile(join(folder, name))) })),
    );
    return trainedFrom(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run({ path }: Python, folder: string, { onEpoch, signal }: NetworkPorts): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(path, ['-B', program, folder], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const said = text(child.stderr);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let isDone = false;
  try {
    for await (const line of createInterface(child.stdout)) {
      const words = wordsOf(line);
      if ('done' in words) isDone = true;
      else onEpoch(words);
    }
    const [code] = await closed;
    signal.throwIfAborted();
    if (code !== 0 || !isDone) throw new TorchFailed((await said).trim().split('\n').at(-1) || `it ended with ${code}`);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}
