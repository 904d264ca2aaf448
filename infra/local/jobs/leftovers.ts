import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOfJobs, isKept, readJob } from '../../../adapters/registry/prediction-jobs.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { hasEnded, standing, WAIT_MS } from '../../../models/prediction-job.ts';
import { asyncFolder } from '../endpoint-host/endpoint-process.ts';

export interface LeftoverPorts {
  readonly home: string;
  readonly registry: Store;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

const HOUR_MS = 60 * 60_000;

/** Removes leftovers now, and once an hour. @returns what ends that */
export function watchLeftovers(ports: LeftoverPorts): () => Promise<void> {
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = (): void => {
    // What can't be removed now is removed another time.
    sweeping = sweeping.then(() => removeLeftovers(ports)).catch(() => {});
  };
  sweep();
  const timer = setInterval(sweep, HOUR_MS).unref();
  return () => {
    clearInterval(timer);
    return sweeping;
  };
}

/**
 * Removes what a process that was killed, or somebody who went away, has left of jobs: requests and results of those that have
 * ended; requests that were uploaded, and never asked for; and inputs and answers of asynchronous endpoints. The last two once
 * they are older than a job may wait, as then no job can be waiting for them.
 */
export async function removeLeftovers({ home, registry, now }: LeftoverPorts): Promise<void> {
  const isOld = async (file: string): Promise<boolean> => {
    const found = await stat(file).catch(() => undefined);
    return found?.isFile() === true && found.mtimeMs + WAIT_MS < now();
  };
  for (const file of await filesIn(asyncFolder(home))) if (await isOld(file)) await rm(file, { force: true });
  for (const [id, paths] of await filesOfJobs(registry)) {
    const job = await readJob(registry, id);
    for (const path of paths) {
      const isLeft = job
        ? hasEnded(standing(job, now())) && !isKept(job, path)
        : await isOld(join(home, 'registry', path));
      if (isLeft) await registry.discard(path);
    }
  }
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }).catch(() => [])).map((name) => join(folder, name));
