import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DropPorts } from '../../../functions/deploy/drop.ts';
import type { TrainRequest } from '../../../functions/http/training-request.ts';

/** As in the environment. */
export interface PythonSettings {
  readonly PATH?: string;
  readonly MODELDROP_PYTHON?: string;
}

export interface TrainProcessOptions {
  /** The folder that holds `inbox/` and `registry/`. */
  readonly home: string;
  /** Hears of a training that was killed, or broke. */
  readonly failed: (request: TrainRequest) => void;
  readonly memoryMb?: number;
  /** Where PyTorch's Python is looked for. */
  readonly python?: PythonSettings;
}

export interface Trainer {
  readonly train: DropPorts['train'];
  /** Ends what is being learned. Its table stays in the inbox, for the next start. */
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('entry.ts', import.meta.url));
const MEGABYTE = 1024 * 1024;
/** A process that computes hears nothing; one that waits for PyTorch ends it at once. */
const PATIENCE_MS = 1_000;

/** The train function in a process of its own, one training after the other: whoever predicts meanwhile does not wait. */
export function trainInProcess({
  home,
  failed,
  memoryMb = halfOfThisMachine(),
  python = {},
}: TrainProcessOptions): Trainer {
  let running: Promise<void> = Promise.resolve();
  let child: ChildProcess | undefined;
  let closed = false;

  const run = async (request: TrainRequest): Promise<void> => {
    if (closed) return;
    child = fork(program, [home, String(memoryMb)], {
      execArgv: [`--max-old-space-size=${memoryMb}`],
      env: { ...python },
      cwd: home,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const exit = once(child, 'exit');
    child.send(request);
    const [code] = await exit;
    if (code !== 0 && !closed) failed(request);
  };

  return {
    async train(request) {
      running = running.then(() => run(request)).catch(() => failed(request));
    },
    async close() {
      closed = true;
      child?.kill('SIGTERM');
      const patience = setTimeout(() => child?.kill('SIGKILL'), PATIENCE_MS);
      await running;
      clearTimeout(patience);
    },
  };
}

const halfOfThisMachine = (): number => Math.floor(totalmem() / MEGABYTE / 2);
