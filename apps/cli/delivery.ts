import { setTimeout as sleep } from 'node:timers/promises';
import type { Drop, Upload } from '../client/answers.ts';
import { ApiError } from '../client/api-error.ts';
import type { Client } from '../client/client.ts';
import type { UploadFile } from '../client/upload.ts';
import { Failure, Interrupted } from './failures.ts';
import { neutral, type Parcel } from './parcel.ts';
import type { Progress } from './progress.ts';

export interface Attendance {
  readonly progress: Progress;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Uploads a parcel, the model file last, and waits for what becomes of it.
 * @returns the drop, released, refused, or published for somebody to release
 * @throws Interrupted, Failure, ApiError, Unreachable; nothing is half-made then
 */
export async function deliver(client: Client, model: string, parcel: Parcel, attendance: Attendance): Promise<Drop> {
  const { file, companions } = parcel;
  const files = [...companions, file];
  attendance.progress.say(`asking for a place for ${file.name}`);
  const places = await interruptible(attendance, 'nothing was pushed', () =>
    Promise.all(files.map((each) => client.announce(model, each, attendance.signal))),
  );
  const { drop: id } = places.at(-1) as Upload;
  // The same bytes in the same place are the same drop, so an earlier push may have left a verdict.
  const before = await dropIfAny(client, model, id);
  await send(client, model, { files, companions, places }, attendance);
  return interruptible(attendance, `the upload is complete, and its drop ${id} goes on`, () =>
    settled(client, model, { id, before }, attendance),
  );
}

interface Load {
  readonly files: readonly UploadFile[];
  readonly places: readonly Upload[];
  readonly companions: readonly UploadFile[];
}

async function send(client: Client, model: string, load: Load, attendance: Attendance): Promise<void> {
  const { files, places, companions } = load;
  try {
    await interruptible(attendance, 'nothing was pushed', async () => {
      for (const [i, { name, bytes }] of files.entries()) {
        attendance.progress.say(`uploading ${name}`);
        await client.put(places[i] as Upload, bytes, attendance.signal);
      }
    });
  } catch (error) {
    await withdraw(client, model, companions, error as Error);
    throw error;
  }
}

/** An inbox has no way to take a file back, so that companions that landed alone are told to say nothing. */
async function withdraw(client: Client, model: string, companions: readonly UploadFile[], why: Error): Promise<void> {
  try {
    for (const companion of neutral(companions)) await client.upload(model, companion);
  } catch {
    const names = companions.map(({ name }) => name).join(' and ');
    throw new Failure(`${why.message}; ${names} may be left in the inbox of ${model}: push again, or remove them`, {
      cause: why,
    });
  }
}

async function interruptible<T>({ signal }: Attendance, outcome: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? new Interrupted(`interrupted; ${outcome}`) : error;
  }
}

const [FIRST_LOOK_MS, SLOWEST_LOOK_MS] = [50, 1_000];
const [TAKEN_UP_WITHIN_MS, SETTLED_WITHIN_MS] = [60_000, 600_000];

interface Expected {
  readonly id: string;
  readonly before: Drop | undefined;
}

async function settled(
  client: Client,
  model: string,
  { id, before }: Expected,
  { progress, signal }: Attendance,
): Promise<Drop> {
  const startedAt = performance.now();
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, SLOWEST_LOOK_MS)) {
    await sleep(pause, undefined, { signal });
    const drop = await dropIfAny(client, model, id);
    const now = drop?.updatedAt === before?.updatedAt ? undefined : drop;
    if (now !== undefined && isSettled(now)) return now;
    progress.say(now?.state ?? 'waiting for the platform to take it up');
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
      : `drop ${id} of ${model} is still ${drop.state}; look at it later: GET /v1/models/${model}/drops/${id}`,
  );

/** Statuses that say nothing of the drop: not there yet, asked too often, not ready. */
const LATER = [404, 429, 503];

async function dropIfAny(client: Client, model: string, id: string): Promise<Drop | undefined> {
  try {
    return await client.drop(model, id);
  } catch (error) {
    if (error instanceof ApiError && LATER.includes(error.status)) return undefined;
    throw error;
  }
}
