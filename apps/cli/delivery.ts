import type { Drop, Upload } from '../client/answers.ts';
import type { Client } from '../client/client.ts';
import type { UploadFile } from '../client/upload.ts';
import { Failure, Interrupted } from './failures.ts';
import { type Attendance, dropIfAny, followDrop } from './follow-drop.ts';
import { neutral, type Parcel } from './parcel.ts';

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
    followDrop(client, model, { id, before }, attendance),
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
