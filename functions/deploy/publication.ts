import { moveChannel } from '../../adapters/registry/channels.ts';
import type { ServesAs } from '../../adapters/registry/drops.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import { listVersions, publish } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Channel } from '../../models/channel.ts';
import { ModeldropError } from '../../models/errors.ts';
import type { Manifest } from '../../models/manifest.ts';
import { admit } from '../../models/release.ts';
import type { ReleasePolicy } from '../../models/release-policy.ts';
import { type Delivery, filesOf } from '../http/delivery.ts';
import type { VerifyReport } from '../http/verification.ts';
import { type Provisioning, requireEndpoint } from './provision.ts';

/** The verification's verdict on the dropped files. */
class VerificationFailed extends ModeldropError {
  override readonly name = 'VerificationFailed';
  readonly status = 422;
  constructor(why: string) {
    super(why);
  }
}

/** The files changed between being read and being verified. The drop is tried again. */
class DeliveryChanged extends ModeldropError {
  override readonly name = 'DeliveryChanged';
  readonly status = 503;
  constructor(model: string) {
    super(`the files of model "${model}" changed while they were verified`, { model });
  }
}

const BY = 'drop';
/** How often a release is decided anew after another one was first. */
const TRIES = 10;

export interface PublicationPorts {
  readonly registry: Store;
  /** Whether there is an endpoint that models may be placed on. */
  readonly hasEndpoint: boolean;
  /** Gives a model an asynchronous endpoint of its own, where the stage has such. */
  readonly provisioning?: Provisioning;
}

/**
 * @throws VerificationFailed, DeliveryChanged, ModelFileRefused where it is to run on an endpoint, and there is none;
 * what `requireEndpoint` throws
 */
export async function publishVerified(
  { registry, hasEndpoint, provisioning }: PublicationPorts,
  delivery: Delivery,
  report: VerifyReport,
  at: string,
): Promise<Manifest> {
  if (!report.ok) throw new VerificationFailed(report.error);
  const files = filesOf(delivery);
  const same = files.every(({ bytes }, i) => sha256(bytes) === report.sha256[i]);
  if (!same) throw new DeliveryChanged(delivery.model);
  const publication = { model: delivery.model, content: report.content, by: BY, at };
  // Most drops are one model, and need no archive, nor what opens and packs them.
  const parts = report.content.cascade ? (await import('./cascade.ts')).partsOf(files) : files;
  const { placement = 'lambda' } = report;
  if (placement === 'lambda') return publish(registry, { ...publication, files: parts });
  const { noAsyncEndpoint, noEndpoint, packForTriton } = await import('./triton.ts');
  if (placement === 'endpoint' && !hasEndpoint) throw noEndpoint();
  if (placement === 'endpoint-async' && !provisioning) throw noAsyncEndpoint();
  const archive = await packForTriton(report.content, parts);
  if (placement === 'endpoint-async' && provisioning) await requireEndpoint({ registry, provisioning }, archive);
  const content = { ...report.content, ...(placement === 'endpoint-async' && { placement }) };
  return publish(registry, { ...publication, content, files: parts, archive });
}

interface Moment {
  readonly at: string;
  /** When the drop was first taken up. */
  readonly since: string;
}

/**
 * Puts a published version into service as the drop or the model's policy says. A message that comes again after its drop
 * was released, but before that was noted, releases nothing: somebody may have gone on, or back, in between.
 * @returns how the version serves now; `none` where a person has to release it
 */
export async function releaseDropped(
  registry: Store,
  { model, version }: Manifest,
  policy: ReleasePolicy | undefined,
  { at, since }: Moment,
): Promise<ServesAs> {
  const versions = await listVersions(registry, model);
  const occasion = { model, versions, by: BY, at };
  const next = (channel: Channel | undefined): Channel | undefined =>
    channel && wasAdmitted(channel, version, since) ? channel : admit(channel, version, policy, occasion);
  return servesAs(await moveChannel(registry, model, next, TRIES), version);
}

/** Each action of a drop names its version where that action puts it. */
const wasAdmitted = ({ history }: Channel, version: number, since: string): boolean =>
  history.some((entry) => {
    const put = { release: entry.stable, canary: entry.canary, shadow: entry.shadow }[entry.action];
    return entry.by === BY && put === version && entry.at >= since;
  });

function servesAs(channel: Channel | undefined, version: number): ServesAs {
  if (channel?.stable === version) return 'stable';
  if (channel?.canary?.version === version) return 'canary';
  return channel?.shadow?.version === version ? 'shadow' : 'none';
}
