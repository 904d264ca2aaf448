import type { JobResult, PredictionJob } from '../../models/prediction-job.ts';
import type { Store } from '../store/store.ts';
import { readDocument, writeDocument } from './document.ts';
import { layout } from './layout.ts';

export const readJob = async (store: Store, id: string): Promise<PredictionJob | undefined> =>
  (await readDocument<PredictionJob>(store, layout.job(id)))?.value;

/** False where there is a job of this id. */
export const createJob = (store: Store, job: PredictionJob): Promise<boolean> =>
  writeDocument(store, layout.job(job.id), job);

/**
 * Replaces a job by what `next` makes of it, decided anew where somebody else was first. Undefined leaves it as it is.
 * @returns what is there then; undefined where there is no job
 */
export async function moveJob(
  store: Store,
  id: string,
  next: (current: PredictionJob) => PredictionJob | undefined,
): Promise<PredictionJob | undefined> {
  for (;;) {
    const current = await readDocument<PredictionJob>(store, layout.job(id));
    const moved = current && next(current.value);
    if (current === undefined || moved === undefined) return current?.value;
    if (await writeDocument(store, layout.job(id), moved, current.etag)) return moved;
  }
}

/** The same request may be kept already. */
export async function keepRequest(store: Store, job: PredictionJob, body: Uint8Array): Promise<void> {
  await store.create(layout.jobRequest(job.id, job.request.digest), body);
}

export const readRequest = async (store: Store, { id, request }: PredictionJob): Promise<Uint8Array | undefined> =>
  (await store.read(layout.jobRequest(id, request.digest)))?.bytes;

/** Whether the request is there, whole. */
export async function hasRequest(store: Store, { id, request }: PredictionJob): Promise<boolean> {
  const path = layout.jobRequest(id, request.digest);
  return (await store.list(path)).includes(path);
}

/** A request is kept no longer than it is needed. */
export const forgetRequest = ({ id, request }: PredictionJob, store: Store): Promise<void> =>
  store.discard(layout.jobRequest(id, request.digest));

/** Each take has a place of its own, so that a late one writes over nothing. */
export async function keepResult(store: Store, { id, takes }: PredictionJob, body: Uint8Array): Promise<void> {
  await store.create(layout.jobResult(id, takes), body);
}

export const resultPath = (id: string, { take }: JobResult): string => layout.jobResult(id, take);

export const readResult = async (store: Store, id: string, result: JobResult): Promise<Uint8Array | undefined> =>
  (await store.read(resultPath(id, result)))?.bytes;

/** What a take wrote that is not its job's result. */
export const forgetResult = ({ id, takes }: PredictionJob, store: Store): Promise<void> =>
  store.discard(layout.jobResult(id, takes));

/** What a job that has ended needs no more: its request, and what takes wrote that is not its result. */
export async function forgetWork(job: PredictionJob, store: Store): Promise<void> {
  await forgetRequest(job, store);
  for (let takes = 1; takes <= job.takes; takes++) {
    if (takes !== job.result?.take) await forgetResult({ ...job, takes }, store);
  }
}

/** What lies there of every job, by its id: also of those that were never begun. */
export async function filesOfJobs(store: Store): Promise<Map<string, string[]>> {
  const paths = await store.list(layout.jobs);
  return Map.groupBy(paths, (path) => path.slice(layout.jobs.length).split('/')[0] as string);
}

/** Whether a file is one that a job keeps when it has ended. */
export const isKept = ({ id, result }: PredictionJob, path: string): boolean =>
  path === layout.job(id) || (result !== undefined && path === resultPath(id, result));

/** The ids of all jobs. */
export const listJobs = async (store: Store): Promise<string[]> =>
  (await store.list(layout.jobs)).flatMap((path) => /\/([0-9a-f]+)\/job\.json$/.exec(path)?.[1] ?? []);
