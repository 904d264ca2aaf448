import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import type { DeployHandler } from '../../functions/deploy/handler.ts';
import { isTensorData, startsDrop } from '../../functions/http/inbox.ts';

export interface WatcherOptions {
  /** The folder that holds `inbox/`. */
  readonly home: string;
  readonly deploy: DeployHandler;
  /** Hears of a file whose message is a dead letter. */
  readonly dead?: (key: string) => void;
  readonly everyMs?: number;
  readonly restMs?: number;
  readonly longMs?: number;
  readonly pausesMs?: readonly number[];
}

export interface Watcher {
  /** Tells of a file that is known to be whole, now. */
  landed(key: string): void;
  close(): Promise<void>;
}

/** A file as it was first seen with this content. */
interface Sighting {
  readonly mtimeMs: number;
  readonly size: number;
  readonly since: number;
  /** What lay in its folder. */
  readonly beside: string;
  tries: number;
  /** When one that failed is told of again. */
  again: number;
}

/** As of SQS: after so many failures a message is a dead letter. The file stays where it is. */
const TRIES = 3;
/** Before each further try, unless something lands beside the file. In all more than a drop waits for its listed files. */
const PAUSES_MS = [1_000, 61_000];
/** A file that is still being copied changes; one that has rested so long is taken for whole. */
const REST_MS = 1_000;
/** Models at once. Of one model, files are taken up one after the other, oldest first: the last one dropped is served. */
const AT_ONCE = 4;
/** One that takes longer may never end: its place is given to another. */
const LONG_MS = 5_000;
/** All together, with those that take long: each may take gigabytes until it is killed. */
const MOST_AT_ONCE = 8;

/** Feeds the deploy function what S3 and EventBridge feed it on AWS: one event for each file that lands in the inbox. */
export function watchInbox({
  home,
  deploy,
  dead,
  everyMs = 250,
  restMs = REST_MS,
  longMs = LONG_MS,
  pausesMs = PAUSES_MS,
}: WatcherOptions): Watcher {
  const seen = new Map<string, Sighting>();
  const whole = new Set<string>();
  const told = new Map<string, number>();
  /** What is being taken up, by model. */
  const busy = new Map<string, Promise<void>>();
  /** Of those, the models that take long. */
  const long = new Set<string>();
  let turns = 0;
  let looking = Promise.resolve();
  let waiting = false;
  let closed = false;
  let rested: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const folders = await inboxFolders(home);
    const there = new Set(folders.flat().map(({ key }) => key));
    for (const key of seen.keys()) if (!there.has(key)) seen.delete(key);
    if (closed) return;
    const due: File[] = [];
    let soonest = everyMs;
    for (const files of folders.filter(([file]) => file && !busy.has(modelOf(file)))) {
      const waits = files.map(waitOf);
      const first = files[waits.indexOf(0)];
      if (first) due.push(first);
      for (const wait of waits) if (wait > 0) soonest = Math.min(soonest, wait);
    }
    for (const file of due.sort(byTurn).slice(0, free())) takeUp(file);
    clearTimeout(rested);
    if (soonest < everyMs) rested = setTimeout(schedule, soonest);
  };

  /** Milliseconds until a file may be taken up: 0 for one that is due, without end for one that was. */
  const waitOf = (file: File): number => {
    const sighting = sight(seen.get(file.key), file);
    seen.set(file.key, sighting);
    if (sighting.tries >= TRIES) return Number.POSITIVE_INFINITY;
    if (whole.has(file.key)) return 0;
    return Math.max(restOf(sighting, restMs), sighting.again - Date.now());
  };

  const free = (): number => Math.max(0, Math.min(AT_ONCE - (busy.size - long.size), MOST_AT_ONCE - busy.size));

  /** One that takes long, as an endless model does, keeps no other model waiting. */
  const takeUp = (file: File): void => {
    const model = modelOf(file);
    const isLong = setTimeout(() => {
      long.add(model);
      schedule();
    }, longMs);
    const taken = tell(file)
      .catch(() => {})
      .finally(() => {
        clearTimeout(isLong);
        long.delete(model);
        busy.delete(model);
        schedule();
      });
    busy.set(model, taken);
  };

  /** Whose model has waited longest comes first. */
  const byTurn = (a: File, b: File): number => (told.get(modelOf(a)) ?? 0) - (told.get(modelOf(b)) ?? 0);

  const tell = async (file: File): Promise<void> => {
    const { key } = file;
    told.set(modelOf(file), ++turns);
    const sighting = seen.get(key) as Sighting;
    whole.delete(key);
    sighting.tries += 1;
    const { batchItemFailures } = await deploy(objectCreated(key, sighting.size));
    sighting.again = Date.now() + (pausesMs[sighting.tries - 1] ?? 0);
    if (batchItemFailures.length === 0) sighting.tries = TRIES;
    else if (sighting.tries === TRIES) dead?.(key);
  };

  const schedule = (): void => {
    if (waiting || closed) return;
    waiting = true;
    looking = looking
      .then(() => {
        waiting = false;
        return look();
      })
      .catch(() => {});
  };
  const timer = setInterval(schedule, everyMs);
  return {
    landed(key) {
      whole.add(key);
      schedule();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
      clearTimeout(rested);
      await Promise.all(busy.values());
    },
  };
}

function sight(known: Sighting | undefined, { mtimeMs, size, beside }: File): Sighting {
  const isSame = known?.mtimeMs === mtimeMs && known.size === size;
  // It may be what the file has failed without.
  const isHelped = known && known.tries > 0 && known.tries < TRIES && known.beside !== beside;
  return isSame && !isHelped ? known : { mtimeMs, size, beside, since: Date.now(), tries: 0, again: 0 };
}

/** By its own time, or by ours where a clock is wrong. */
const restOf = ({ mtimeMs, since }: Sighting, restMs: number): number =>
  Math.max(0, Math.ceil(Math.min(mtimeMs, since) + restMs - Date.now()));

const modelOf = ({ key }: File): string => key.slice(0, key.lastIndexOf('/'));

interface File {
  readonly key: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly beside: string;
}

type Found = Omit<File, 'beside'>;

/** The files that start a drop, by model, oldest first. */
async function inboxFolders(home: string): Promise<File[][]> {
  const models = await readdir(join(home, 'inbox'), { withFileTypes: true }).catch(() => []);
  const folders = models.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return Promise.all(folders.map(({ name }) => filesIn(home, `inbox/${name}`)));
}

async function filesIn(home: string, folder: string): Promise<File[]> {
  const entries = await readdir(join(home, folder), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const at = async (wanted: (name: string) => boolean): Promise<Found[]> => {
    const found = await Promise.all(names.filter(wanted).map((name) => fileAt(home, `${folder}/${name}`)));
    return found.filter((file) => file !== undefined);
  };
  const [files, tensors] = await Promise.all([at(startsDrop), at(isTensorData)]);
  // A model is whole once its tensors are: they may be copied after it.
  const latest = Math.max(0, ...tensors.map(({ mtimeMs }) => mtimeMs));
  const beside = names
    .filter((name) => !/\.(part|report\.json)$/.test(name))
    .sort()
    .join('/');
  return files
    .sort((a, b) => a.mtimeMs - b.mtimeMs)
    .map((file) => ({ ...file, beside, mtimeMs: Math.max(file.mtimeMs, latest) }));
}

async function fileAt(home: string, key: string): Promise<Found | undefined> {
  const found = await stat(join(home, key)).catch(() => undefined);
  return found && { key, mtimeMs: found.mtimeMs, size: found.size };
}

let sequence = 0;

/** EventBridge's "Object Created" as it comes through SQS: the raw key, and a sequencer that grows. */
export function objectCreated(key: string, size: number): SQSEvent {
  sequence += 1;
  const detail = {
    version: '0',
    bucket: { name: 'local-inbox' },
    object: { key, size, etag: createHash('md5').update(key).digest('hex'), sequencer: sequencer() },
    'request-id': String(sequence),
    requester: 'local',
    reason: 'PutObject',
  };
  const body = JSON.stringify({ version: '0', source: 'aws.s3', 'detail-type': 'Object Created', detail });
  return { Records: [{ messageId: `local-${sequence}`, body } as SQSEvent['Records'][number]] };
}

const sequencer = (): string =>
  (BigInt(Date.now()) * 65_536n + BigInt(sequence % 65_536)).toString(16).toUpperCase().padStart(18, '0');
