import type { ChildProcess } from 'node:child_process';
import { hasLeft } from './async-queue.ts';
import { endOf } from './end-of.ts';

export interface AsyncRunnerOptions {
  /** The folder of the queue. */
  readonly queue: string;
  /** Starts the process that does what is in it. */
  readonly start: () => Promise<ChildProcess>;
}

export interface AsyncRunner {
  /** Has the process look into the queue, and starts it where it does not run. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** Between two starts: what can't start does not better at once. */
const PAUSE_MS = 500;

/**
 * What was asked of asynchronous endpoints is done in a process of its own: a run holds its process, for as long as it takes, and
 * whoever listens must not be held. One that dies is followed by another, while anything is left to do.
 */
export function asyncRunner({ queue, start }: AsyncRunnerOptions): AsyncRunner {
  let running: Promise<ChildProcess> | undefined;
  let isClosed = false;

  const again = (): void => {
    running = undefined;
    setTimeout(wake, PAUSE_MS).unref();
  };
  const begin = async (): Promise<ChildProcess> => {
    const child = await start();
    child.once('exit', again);
    return child;
  };
  const wake = async (): Promise<void> => {
    if (isClosed || !(await hasLeft(queue))) return;
    running ??= begin();
    const beginning = running;
    const child = await beginning.catch(() => undefined);
    if (child === undefined && running === beginning) again();
    if (child?.connected) child.send('queued', () => {});
  };

  return {
    wake,
    async close() {
      isClosed = true;
      const child = await running?.catch(() => undefined);
      if (child) await endOf(child);
    },
  };
}
