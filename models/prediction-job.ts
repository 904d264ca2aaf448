/** `cancelled`, `succeeded` and `failed` are the ends. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A prediction that its caller does not wait for. */
export interface PredictionJob {
  readonly id: string;
  readonly model: string;
  readonly state: JobState;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** As whom it predicts. */
  readonly by: {
    readonly key: string;
    readonly tenant: string;
    readonly scopes: readonly string[];
    readonly models: readonly string[];
  };
  readonly request: {
    /** SHA-256 of model, headers and body. */
    readonly digest: string;
    /** What says how the body is to be read. */
    readonly headers: Readonly<Record<string, string>>;
  };
  /** How often somebody began to work on it. */
  readonly takes: number;
  /** Wall-clock milliseconds. Until then it belongs to whoever took it last, alive or not. */
  readonly heldUntil?: number;
  readonly result?: JobResult;
  /** Why there is no result, and what would be right. */
  readonly error?: string;
}

/** The answer's head; its body lies beside the job. */
export interface JobResult {
  /** The take that wrote it. */
  readonly take: number;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of one take. `passing` failures are tried again while takes are left. */
export type JobOutcome =
  | { readonly result: Omit<JobResult, 'take'> }
  | { readonly error: string; readonly passing: boolean };

/** Takes until a job is given up. */
export const TAKES = 3;

export const hasEnded = ({ state }: PredictionJob): boolean => state !== 'queued' && state !== 'running';

/** Whether somebody is at work on it. */
export const isHeld = ({ state, heldUntil = 0 }: PredictionJob, now: number): boolean =>
  state === 'running' && heldUntil > now;

/** The job in the hands of a new take, or given up. @param job neither ended nor held */
export function take(job: PredictionJob, now: number, leaseMs: number): PredictionJob {
  if (job.takes >= TAKES) {
    const error = `the prediction was begun ${TAKES} times and never came to an end; send fewer rows`;
    return ended(job, 'failed', now, { error });
  }
  return { ...job, state: 'running', takes: job.takes + 1, heldUntil: now + leaseMs, updatedAt: iso(now) };
}

/** The job after a take. Undefined where it is no more that take's: cancelled, or taken over. */
export function settle(job: PredictionJob, taken: number, outcome: JobOutcome, now: number): PredictionJob | undefined {
  if (job.state !== 'running' || job.takes !== taken) return undefined;
  if ('result' in outcome) return ended(job, 'succeeded', now, { result: { take: taken, ...outcome.result } });
  const { error, passing } = outcome;
  if (!passing || taken >= TAKES) return ended(job, 'failed', now, { error });
  const { heldUntil: _, ...free } = job;
  return { ...free, state: 'queued', updatedAt: iso(now) };
}

/** Undefined where there is nothing left to cancel. */
export const cancel = (job: PredictionJob, now: number): PredictionJob | undefined =>
  hasEnded(job) ? undefined : ended(job, 'cancelled', now, {});

function ended(
  { heldUntil: _, ...job }: PredictionJob,
  state: JobState,
  now: number,
  end: Pick<PredictionJob, 'result' | 'error'>,
): PredictionJob {
  return { ...job, ...end, state, updatedAt: iso(now) };
}

const iso = (now: number): string => new Date(now).toISOString();
