import type { Job } from './answers.ts';
import { ApiError } from './api-error.ts';

export interface Following {
  readonly signal?: AbortSignal;
  /** Told of every look. */
  readonly seen?: (job: Job) => void;
}

const [FIRST_LOOK_MS, SLOWEST_LOOK_MS] = [50, 2_000];

/** Looks at a job until it has ended, ever more patiently. @throws what `look` throws, and the signal's reason */
export async function followJob(look: () => Promise<Job>, { signal, seen }: Following): Promise<Job> {
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, SLOWEST_LOOK_MS)) {
    const job = await look().catch(unlessBusy);
    if (job) seen?.(job);
    if (job && hasEnded(job)) return job;
    await sleep(pause, signal);
  }
}

const hasEnded = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';

/** A platform that is busy has said nothing of the job. */
function unlessBusy(error: unknown): undefined {
  if (error instanceof ApiError && (error.status === 429 || error.status === 503)) return undefined;
  throw error;
}

/** As Node's own, which browsers have not. @throws the signal's reason */
const sleep = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', leave, { once: true });
  });
