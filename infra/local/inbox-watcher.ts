import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import type { DeployHandler } from '../../functions/deploy/handler.ts';
import { startsDrop } from '../../functions/http/inbox.ts';

export interface WatcherOptions {
  /** The folder that holds `inbox/`. */
  readonly home: string;
  readonly deploy: DeployHandler;
  /** Hears of a file whose message is a dead letter. */
  readonly dead?: (key: string) => void;
  readonly everyMs?: number;
  readonly restMs?: number;
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
  tries: number;
}

/** As of SQS: after so many failures a message is a dead letter. The file stays where it is. */
const TRIES = 3;
/** A file that is still being copied changes; one that has rested so long is taken for whole. */
const REST_MS = 1_000;
/** Drops at once. A folder full of files does not keep the others waiting: each model has its turn. */
const AT_ONCE = 4;

/** Feeds the deploy function what S3 and EventBridge feed it on AWS: one event for each file that lands in the inbox. */
export function watchInbox({ home, deploy, dead, everyMs = 250, restMs = REST_MS }: WatcherOptions): Watcher {
  const seen = new Map<string, Sighting>();
  const whole = new Set<string>();
  let running = Promise.resolve();
  let waiting = false;
  let closed = false;

  const look = async (): Promise<void> => {
    const keys = await inboxFiles(home);
    for (const key of seen.keys()) if (!keys.includes(key)) seen.delete(key);
    const due: string[] = [];
    for (const key of keys) if (due.length < AT_ONCE && (await isDue(key))) due.push(key);
    if (closed) return;
    await Promise.all(due.map(tell));
    if (due.length === AT_ONCE) schedule();
  };

  const isDue = async (key: string): Promise<boolean> => {
    const file = await stat(join(home, key)).catch(() => undefined);
    if (file === undefined) return false;
    const sighting = sight(seen.get(key), file);
    seen.set(key, sighting);
    return sighting.tries < TRIES && (whole.has(key) || hasRested(sighting, restMs));
  };

  const tell = async (key: string): Promise<void> => {
    const sighting = seen.get(key) as Sighting;
    whole.delete(key);
    sighting.tries += 1;
    const { batchItemFailures } = await deploy(objectCreated(key, sighting.size));
    if (batchItemFailures.length === 0) sighting.tries = TRIES;
    else if (sighting.tries === TRIES) dead?.(key);
  };

  const schedule = (): void => {
    if (waiting || closed) return;
    waiting = true;
    running = running
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
      await running;
    },
  };
}

const sight = (known: Sighting | undefined, { mtimeMs, size }: { mtimeMs: number; size: number }): Sighting =>
  known?.mtimeMs === mtimeMs && known.size === size ? known : { mtimeMs, size, since: Date.now(), tries: 0 };

/** By its own time, or by ours where a clock is wrong. */
const hasRested = ({ mtimeMs, since }: Sighting, restMs: number): boolean =>
  Date.now() - mtimeMs >= restMs || Date.now() - since >= restMs;

/** `inbox/<model>/<file>` of every file that starts a drop: the first of each model, then the second of each, and so on. */
async function inboxFiles(home: string): Promise<string[]> {
  const models = await readdir(join(home, 'inbox'), { withFileTypes: true }).catch(() => []);
  const folders = models.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const files = await Promise.all(
    folders.map(async ({ name }) => {
      const entries = await readdir(join(home, 'inbox', name), { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isFile() && startsDrop(entry.name))
        .map((entry) => `inbox/${name}/${entry.name}`);
    }),
  );
  const longest = Math.max(0, ...files.map((ofModel) => ofModel.length));
  return Array.from({ length: longest }, (_, turn) => files.flatMap((ofModel) => ofModel[turn] ?? [])).flat();
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
