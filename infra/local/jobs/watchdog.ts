import type { ChildProcess } from 'node:child_process';
import { readJob } from '../../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { isHeld } from '../../../models/prediction-job.ts';

export interface WatchdogOptions {
  readonly registry: Store;
  readonly leaseMs: number;
}

/**
 * Kills the process of a job that is not held any more: what computes without end renews no lease.
 * @returns what calls it off
 */
export function watchdog(child: ChildProcess, job: string, { registry, leaseMs }: WatchdogOptions): () => void {
  let isOff = false;
  const look = async (): Promise<void> => {
    const current = await readJob(registry, job).catch(() => undefined);
    if (isOff) return;
    const left = current && isHeld(current, Date.now()) ? (current.heldUntil as number) - Date.now() : 0;
    if (left > 0) timer = setTimeout(look, left);
    else child.kill('SIGKILL');
  };
  let timer = setTimeout(look, leaseMs);
  return () => {
    isOff = true;
    clearTimeout(timer);
  };
}
