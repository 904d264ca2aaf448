import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A call that an asynchronous endpoint has taken, and has not answered yet. */
export interface QueuedCall {
  /** Sorts as calls came in. */
  readonly id: string;
  readonly target: string;
  /** Keys in the bucket. */
  readonly input: string;
  readonly output: string;
  readonly failure: string;
  readonly contentType: string;
  /** Wall-clock milliseconds. */
  readonly until: number;
  /** Whether its input was there when it came. */
  readonly hadInput: boolean;
  /** How often it was begun. */
  readonly begun: number;
}

export interface AsyncQueue {
  /** Writes a call, or how it stands now. */
  keep(call: QueuedCall): Promise<void>;
  remove(call: QueuedCall): Promise<void>;
  /** What an earlier process has left, in the order in which it came. */
  left(): Promise<QueuedCall[]>;
}

const ENTRY = /\.json$/;

/** Where the queue lies in the folder of asynchronous calls. */
export const queueFolder = (folder: string): string => join(folder, 'queue');

/** A queue in files, which outlives its process. */
export function asyncQueue(folder: string): AsyncQueue {
  const fileOf = ({ id }: QueuedCall): string => join(folder, `${id}.json`);
  return {
    async keep(call) {
      await mkdir(folder, { recursive: true });
      await writeFile(`${fileOf(call)}.part`, JSON.stringify(call));
      await rename(`${fileOf(call)}.part`, fileOf(call));
    },
    remove: (call) => rm(fileOf(call), { force: true }),
    async left() {
      const entries = (await namesIn(folder)).filter((name) => ENTRY.test(name)).sort();
      const calls = await Promise.all(entries.map((name) => callIn(join(folder, name))));
      return calls.filter((call) => call !== undefined);
    },
  };
}

/** Undefined where it can't be read, as a machine that lost its power may leave it: it goes, and holds up nobody. */
async function callIn(file: string): Promise<QueuedCall | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as QueuedCall;
  } catch {
    await rm(file, { force: true });
    return undefined;
  }
}

/** Whether a process that has ended has left calls to take up. */
export const hasLeft = async (folder: string): Promise<boolean> =>
  (await namesIn(folder)).some((name) => ENTRY.test(name));

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
