import { type Drop, type DropState, dropSince, readDrop, writeDrop } from '../../adapters/registry/drops.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import { MODEL_NAME } from '../../models/model-name.ts';
import { type Delivery, readDelivery, takeAway } from '../http/delivery.ts';
import { dropId, inboxKey, isTable, startsDrop, trainedFrom } from '../http/inbox.ts';
import type { Log } from '../http/log.ts';
import { refuse } from '../http/refusal.ts';
import type { LostVersion, ServingVersion, VerifyReport } from '../http/verification.ts';
import { listedFiles, missingOf, requireWhole } from './listed-files.ts';
import { EndpointOnItsWay } from './provision.ts';
import { type PublicationPorts, publishVerified, releaseDropped } from './publication.ts';
import { servingVersion } from './serving-version.ts';
import { handOver, type TrainingPorts } from './training.ts';

export interface DropPorts extends TrainingPorts, PublicationPorts {
  /** Holds `inbox/` and `refused/`. */
  readonly inbox: Store;
  /** Has these files of the inbox verified, the model file first, then its companions; beside the version that serves. */
  readonly verify: (keys: readonly string[], serving?: ServingVersion | LostVersion) => Promise<VerifyReport>;
  readonly now: () => number;
  readonly log: Log;
}

/** Takes up what lies at an inbox key: into service, or refused with a report beside it. Safe to repeat. */
export async function takeUp(ports: DropPorts, key: string): Promise<void> {
  const delivery = await readDelivery(ports.inbox, key);
  // Taken up already, or no file of a model: events come more than once, and for every object.
  if (delivery === undefined) return;
  return startsDrop(delivery.file) ? takeUpModel(ports, delivery) : takeUpWaiting(ports, delivery);
}

/** A companion may be what a model file, which came before it, has waited for. */
async function takeUpWaiting(ports: DropPorts, companion: Delivery): Promise<void> {
  if (!MODEL_NAME.test(companion.model)) return;
  for (const file of listedFiles(companion).filter(startsDrop)) {
    const delivery = await readDelivery(ports.inbox, inboxKey(companion.model, file));
    if (delivery === undefined || missingOf(delivery) !== undefined) continue;
    const drop = await readDrop(ports.registry, delivery.model, idOf(delivery));
    if (drop?.state === 'received') await takeUpModel(ports, delivery);
  }
}

async function takeUpModel(ports: DropPorts, delivery: Delivery): Promise<void> {
  const since = await beginningOf(ports, delivery);
  const track = tracker(ports, delivery, since);
  try {
    await track('received');
    if (isTable(delivery.file)) return await learnFrom(ports, delivery, since);
    requireWhole(delivery, ports.now() - Date.parse(since));
    const outcome = await putIntoService(ports, delivery, { track, since });
    await takeAway(ports.inbox, delivery);
    await track(outcome.servesAs === 'none' ? 'published' : 'released', outcome);
  } catch (error) {
    if (error instanceof EndpointOnItsWay) {
      await track('provisioning', { waitsFor: error.message });
      const [{ key }] = delivery.objects;
      return ports.provisioning?.later({ key, archive: error.archive });
    }
    if (!(error instanceof ModeldropError) || error.status >= 500) throw error;
    await refuse(ports.inbox, delivery, error);
    await track('refused', { error: error.message });
  }
}

type Track = (
  state: DropState,
  more?: Pick<Drop, 'version' | 'servesAs' | 'error' | 'rehearsal' | 'notes' | 'waitsFor'>,
) => Promise<void>;

const timeOf = ({ now }: DropPorts): string => new Date(now()).toISOString();

/** What has no model's name has no drops. */
const beginningOf = async (ports: DropPorts, delivery: Delivery): Promise<string> =>
  MODEL_NAME.test(delivery.model)
    ? dropSince(ports.registry, delivery.model, idOf(delivery), timeOf(ports))
    : timeOf(ports);

/** What was learned from a table goes on as the table's drop. */
const idOf = ({ file, objects: [{ key, stored }] }: Delivery): string =>
  trainedFrom(file) ?? dropId(key, sha256(stored.bytes));

function learnFrom(ports: DropPorts, delivery: Delivery, at: string): Promise<void> {
  requireModelName(delivery.model);
  return handOver(ports, delivery, idOf(delivery), at);
}

function tracker(ports: DropPorts, delivery: Delivery, since: string): Track {
  const { model, file } = delivery;
  // What has no model's name has no drops either: its report is all.
  if (!MODEL_NAME.test(model)) return () => Promise.resolve();
  const id = idOf(delivery);
  return (state, more) =>
    writeDrop(ports.registry, { id, model, file, state, since, updatedAt: timeOf(ports), ...more });
}

function requireModelName(model: string): void {
  if (MODEL_NAME.test(model)) return;
  const rule = `must be named like a model, ${MODEL_NAME.source}`;
  throw new ModelFileRefused({ where: 'the folder', rule, found: model });
}

interface Taking {
  readonly track: Track;
  readonly since: string;
}

type Outcome = Required<Pick<Drop, 'version' | 'servesAs'>> & Pick<Drop, 'rehearsal' | 'notes'>;

async function putIntoService(ports: DropPorts, delivery: Delivery, { track, since }: Taking): Promise<Outcome> {
  const { model, objects } = delivery;
  requireModelName(model);
  await track('verifying');
  const report = await ports.verify(
    objects.map(({ key }) => key),
    await servingVersion(ports.registry, model),
  );
  const at = timeOf(ports);
  const manifest = await publishVerified(ports, delivery, report, at);
  const { release: policy, rehearsal } = report.ok ? report : {};
  const published = { version: manifest.version, ...(rehearsal && { rehearsal }) };
  await track('published', published);
  const servesAs = await releaseDropped(ports.registry, manifest, policy, { at, since });
  const notes = manifest.onnx?.changes ?? [];
  return { ...published, servesAs, ...(notes.length > 0 && { notes }) };
}
