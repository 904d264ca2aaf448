import { moveJob } from '../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../adapters/store/store.ts';
import { type PredictionJob, renew } from '../../models/prediction-job.ts';

export interface HoldingPorts {
  readonly registry: Store;
  readonly leaseMs: number;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** So often within a lease: one renewal may come late, or fail. */
const RENEWALS = 3;

/** Works on a job that was taken, and keeps it in hand meanwhile. The lease of a process that dies, or never rests, runs out. */
export async function holding<T>(
  { registry, leaseMs, now }: HoldingPorts,
  { id, takes }: PredictionJob,
  work: () => Promise<T>,
): Promise<T> {
  let renewed: Promise<unknown> = Promise.resolve();
  const once = () => moveJob(registry, id, (current) => renew(current, takes, now(), leaseMs)).catch(() => {});
  const timer = setInterval(() => {
    renewed = renewed.then(once);
  }, leaseMs / RENEWALS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewed;
  }
}
