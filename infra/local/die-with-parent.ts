import { Worker } from 'node:worker_threads';

const WATCH = `
  const { workerData: parent } = require('node:worker_threads');
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 1000);
`;

/**
 * Ends this process soon after the one that forked it, even where a model that runs without end holds its thread, which
 * would not hear of it. For programs of `forkBounded`: their first argument is the process id of whoever forked them, as by now
 * it may be gone.
 */
export function dieWithParent(): void {
  new Worker(WATCH, { eval: true, workerData: Number(process.argv[2]) }).unref();
}
