import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Type } from 'typebox';
import { type Drop, type DropState, writeDrop } from '../../adapters/registry/drops.ts';
import { type NamedBytes, sha256 } from '../../adapters/registry/versions.ts';
import { checkPath } from '../../adapters/store/path.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store, Stored } from '../../adapters/store/store.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { MODEL_NAME } from '../../models/model-name.ts';
import { checker } from '../../models/schema.ts';
import { dropId, inboxKey, parseInboxKey } from '../http/inbox.ts';
import { framesOf, type Log } from '../http/log.ts';
import { observing } from '../http/observing.ts';
import { accept, releaseDirect } from './accept.ts';
import { DROP_FILE, EXAMPLES_FILE, startsDrop } from './drop-file.ts';

export interface DeployPorts {
  /** Holds `inbox/` and `refused/`. */
  readonly inbox: Store;
  readonly registry: Store;
  readonly now: () => number;
  readonly log: Log;
}

export type DeployHandler = (event: SQSEvent, context?: Context) => Promise<SQSBatchResponse>;

const BY = 'drop';

/** From an object in the inbox to a model in service. A refusal is a report beside the drop; a failure is tried again. */
export function deployFunction(ports: DeployPorts): DeployHandler {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of Records) {
      try {
        await deploy(ports, keyOf(record));
      } catch (error) {
        report(ports, 'drop failed', error);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}

const report = ({ log }: DeployPorts, message: string, error: unknown): void =>
  observing(() => log.error(message, { error: (error as Error).name, frames: framesOf(error) }));

const check = checker(Type.Object({ detail: Type.Object({ object: Type.Object({ key: Type.String() }) }) }));

/**
 * EventBridge carries keys as they are; they are taken literally.
 * @throws SyntaxError, TypeError for a message that no bucket sent: it ends in the dead-letter queue, for a person to see
 */
function keyOf({ body }: SQSRecord): string {
  const verdict = check(JSON.parse(body), 'event');
  if (!verdict.ok) throw new TypeError('a message must be an object event of EventBridge');
  return verdict.value.detail.object.key;
}

async function deploy(ports: DeployPorts, key: string): Promise<void> {
  const { inbox } = ports;
  const place = parseInboxKey(key);
  if (place === undefined || !startsDrop(place.file) || !isStorable(key)) return;
  const stored = await inbox.read(key);
  // Taken up already: events come more than once.
  if (stored === undefined) return;
  const companions = await companionsOf(inbox, place.model);
  const drop = tracker(ports, { id: dropId(key, sha256(stored.bytes)), ...place });
  try {
    await drop('received');
    const version = await putIntoService(
      ports,
      place.model,
      { name: place.file, bytes: stored.bytes },
      companions,
      drop,
    );
    await takeAway(inbox, [{ key, stored }, ...companions]);
    await drop('released', { version });
  } catch (error) {
    if (!(error instanceof ModeldropError) || error.status >= 500) throw error;
    if (isFault(error.cause)) report(ports, 'drop refused', error.cause);
    await refuse(inbox, key, stored, error);
    await drop('refused', { error: error.message });
  }
}

/** Behind a refusal that no rule has spoken: a bug of ours, or a file that breaks its reader. */
const isFault = (cause: unknown): boolean => cause instanceof Error && !(cause instanceof ModeldropError);

/** Whether an inbox can hold such a key at all: events may speak of keys that no store takes. */
function isStorable(key: string): boolean {
  try {
    checkPath(key);
    return true;
  } catch {
    return false;
  }
}

type Tracker = (state: DropState, more?: Pick<Drop, 'version' | 'error'>) => Promise<void>;

const tracker =
  ({ registry, now }: DeployPorts, drop: Pick<Drop, 'id' | 'model' | 'file'>): Tracker =>
  (state, more) =>
    MODEL_NAME.test(drop.model)
      ? writeDrop(registry, { ...drop, state, updatedAt: new Date(now()).toISOString(), ...more })
      : Promise.resolve();

interface Found {
  readonly key: string;
  readonly stored: Stored;
}

async function putIntoService(
  { registry, now }: DeployPorts,
  model: string,
  file: NamedBytes,
  companions: readonly (Found & NamedBytes)[],
  drop: Tracker,
): Promise<number> {
  if (!MODEL_NAME.test(model)) {
    throw new ModelFileRefused({
      where: 'the folder',
      rule: `must be named like a model, ${MODEL_NAME.source}`,
      found: model,
    });
  }
  const at = new Date(now()).toISOString();
  await drop('verifying');
  const manifest = await accept(registry, {
    model,
    file,
    companions: companions.map(({ name, bytes }) => ({ name, bytes })),
    by: BY,
    at,
    signal: AbortSignal.timeout(VERIFY_DEADLINE),
  });
  await drop('published', { version: manifest.version });
  await releaseDirect(registry, manifest, BY, at);
  return manifest.version;
}

/** Milliseconds that the golden examples may take. */
const VERIFY_DEADLINE = 60_000;

async function companionsOf(inbox: Store, model: string): Promise<(Found & NamedBytes)[]> {
  const found = await Promise.all(
    [DROP_FILE, EXAMPLES_FILE].map(async (name) => {
      const key = inboxKey(model, name);
      const stored = await inbox.read(key);
      return stored && { key, stored, name, bytes: stored.bytes };
    }),
  );
  return found.filter((companion) => companion !== undefined);
}

/** Only what was read goes: bytes that landed since are another drop. */
async function takeAway(inbox: Store, taken: readonly Found[]): Promise<void> {
  for (const { key, stored } of taken) await inbox.delete(key, stored.etag);
}

/** Beside the file under its name, or under the drop's id where that would be too long for a store. */
function reportKey(key: string, { bytes }: Stored): string {
  const beside = `${key}.report.json`;
  return isStorable(beside) ? beside : key.replace(/[^/]+$/, `${dropId(key, sha256(bytes))}.report.json`);
}

async function refuse(inbox: Store, key: string, stored: Stored, error: ModeldropError): Promise<void> {
  const words = new TextEncoder().encode(`${JSON.stringify({ error: error.message }, null, 2)}\n`);
  await put(inbox, reportKey(key, stored), words);
  await put(inbox, key.replace(/^inbox\//, 'refused/'), stored.bytes);
  await inbox.delete(key, stored.etag);
}
