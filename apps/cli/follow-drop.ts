import { setTimeout as sleep } from 'node:timers/promises';
import type { Drop } from '../client/answers.ts';
import { ApiError } from '../client/api-error.ts';
import type { Client } from '../client/client.ts';
import { Failure } from './failures.ts';
import type { Progress } from './progress.ts';

export interface Attendance {
  readonly progress: Progress;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

const [FIRST_LOOK_MS, SLOWEST_LOOK_MS] = [50, 1_000];
const [TAKEN_UP_WITHIN_MS, SETTLED_WITHIN_MS] = [60_000, 600_000];

interface Expected {
  readonly id: string;
  /** What an earlier take of the same drop has left: it is not waited for. */
  readonly before?: Drop | undefined;
}

/**
 * Waits for what becomes of a drop.
 * @throws Failure where that takes too long; ApiError, Unreachable
 */
export async function followDrop(
  client: Client,
  model: string,
  { id, before }: Expected,
  { progress, signal }: Attendance,
): Promise<Drop> {
  const startedAt = performance.now();
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, SLOWEST_LOOK_MS)) {
    await sleep(pause, undefined, { signal });
    const drop = await dropIfAny(client, model, id);
    const now = drop !== undefined && drop.updatedAt === before?.updatedAt ? undefined : drop;
    if (now !== undefined && isSettled(now)) return now;
    progress.say(now?.waitsFor ?? now?.state ?? 'waiting for the platform to take it up');
    const patience = now === undefined ? TAKEN_UP_WITHIN_MS : SETTLED_WITHIN_MS;
    if (performance.now() - startedAt > patience) throw overdue(model, id, now);
  }
}

const isSettled = ({ state, servesAs }: Drop): boolean =>
  state === 'released' || state === 'refused' || servesAs === 'none';

const overdue = (model: string, id: string, drop: Drop | undefined): Failure =>
  new Failure(
    drop === undefined
      ? `the upload is complete, but the platform has not taken up drop ${id} of ${model}; look at its log`
      : `drop ${id} of ${model} is still ${drop.state}; look at it later: modeldrop drops ${model} ${id}`,
  );

/** Statuses that say nothing of the drop: not there yet, asked too often, not ready. */
const LATER = [404, 429, 503];

/** Undefined where there is nothing to be said of it now. */
export async function dropIfAny(client: Client, model: string, id: string): Promise<Drop | undefined> {
  try {
    return await client.drop(model, id);
  } catch (error) {
    if (error instanceof ApiError && LATER.includes(error.status)) return undefined;
    throw error;
  }
}
