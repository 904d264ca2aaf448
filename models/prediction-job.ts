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
  /** Wall-clock milliseconds. Until then it belongs to whoever took it last, who puts this off while alive. */
  readonly heldUntil?: number;
  readonly result?: JobResult;
  /** An endpoint that takes its time was asked, and what comes of it is looked for here. */
  readonly asked?: Asked;
  /** Why there is no result, and what would be right. */
  readonly error?: string;
}

/** The keys of what an asynchronous endpoint was asked, and of what comes of it: its answer, or why there is none. */
export interface Asked {
  readonly endpoint: string;
  readonly input: string;
  readonly output: string;
  readonly failure: string;
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

/** Takes until a job is given up: the first, and the two more that Lambda makes of an invocation that fails. */
export const TAKES = 3;

/** From its creation a job may wait so long: the longest that Lambda keeps an invocation. */
export const WAIT_MS = 6 * 60 * 60 * 1_000;

/** A take may hold its job so long in all: reading, asking and writing a gigabyte on a busy machine. */
export const HOLD_MS = 10 * 60_000;

/** From its creation a job and its result are kept so long. */
export const JOBS_KEPT_DAYS = 30;

export const hasEnded = ({ state }: PredictionJob): boolean => state !== 'queued' && state !== 'running';

/** Whether somebody is at work on it. */
export const isHeld = ({ state, heldUntil = 0 }: PredictionJob, now: number): boolean =>
  state === 'running' && heldUntil > now;

/** Whether it is in nobody's hands until an endpoint has answered. */
export const isAwaited = (job: PredictionJob, now: number): boolean =>
  job.state === 'running' && job.asked !== undefined && !isHeld(job, now) && standing(job, now) === job;

/** The job as it stands, whatever was last written of it: one that nobody will bring to its end any more has failed. */
export function standing(job: PredictionJob, now: number): PredictionJob {
  if (hasEnded(job) || isHeld(job, now)) return job;
  const over = Date.parse(job.createdAt) + WAIT_MS;
  if (job.takes >= TAKES && job.asked === undefined)
    return ended(job, 'failed', job.heldUntil ?? now, { error: NEVER_ENDED });
  return now < over ? job : ended(job, 'failed', over, { error: NOT_IN_TIME });
}

const NEVER_ENDED = `the prediction was begun ${TAKES} times and never came to an end; send fewer rows`;
const NOT_IN_TIME = `the prediction was not made within ${WAIT_MS / 3_600_000} hours; send it again, as a new job`;

/** The job in the hands of a new take, or given up; to take an endpoint's answer is none. @param job neither ended nor held */
export function take(job: PredictionJob, now: number, leaseMs: number): PredictionJob {
  const current = standing(job, now);
  if (hasEnded(current)) return current;
  const takes = job.asked ? job.takes : job.takes + 1;
  return { ...job, state: 'running', takes, heldUntil: now + leaseMs, updatedAt: iso(now) };
}

/**
 * The job of a take that is still at work, in its hands for another lease. Undefined where it is no more that take's, or has been
 * for too long.
 */
export function renew(job: PredictionJob, taken: number, now: number, leaseMs: number): PredictionJob | undefined {
  const isMine = job.state === 'running' && job.heldUntil !== undefined && job.takes === taken;
  if (!isMine || standing(job, now) !== job) return undefined;
  return now < Date.parse(job.updatedAt) + HOLD_MS ? { ...job, heldUntil: now + leaseMs } : undefined;
}

/** The job after a take, or given up meanwhile. Undefined where it is no more that take's: cancelled, or taken over. */
export function settle(job: PredictionJob, taken: number, outcome: JobOutcome, now: number): PredictionJob | undefined {
  const current = standing(job, now);
  if (current !== job) return current;
  if (job.state !== 'running' || job.takes !== taken) return undefined;
  if ('result' in outcome) return ended(job, 'succeeded', now, { result: { take: taken, ...outcome.result } });
  const { error, passing } = outcome;
  if (!passing || taken >= TAKES) return ended(job, 'failed', now, { error });
  const { heldUntil: _, asked: __, ...free } = job;
  return { ...free, state: 'queued', updatedAt: iso(now) };
}

/** The job while an endpoint works on it: in nobody's hands. Undefined where it is no more that take's. */
export function wait(job: PredictionJob, taken: number, asked: Asked, now: number): PredictionJob | undefined {
  if (standing(job, now) !== job || job.state !== 'running' || job.takes !== taken) return undefined;
  const { heldUntil: _, ...free } = job;
  return { ...free, asked, updatedAt: iso(now) };
}

/** Undefined where there is nothing left to cancel. */
export const cancel = (job: PredictionJob, now: number): PredictionJob | undefined =>
  hasEnded(standing(job, now)) ? undefined : ended(job, 'cancelled', now, {});

function ended(
  { heldUntil: _, ...job }: PredictionJob,
  state: JobState,
  now: number,
  end: Pick<PredictionJob, 'result' | 'error'>,
): PredictionJob {
  return { ...job, ...end, state, updatedAt: iso(now) };
}

const iso = (now: number): string => new Date(now).toISOString();
