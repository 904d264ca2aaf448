import { eraseUnnamed } from '../../adapters/registry/erasure.ts';
import { layout } from '../../adapters/registry/layout.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { AsyncEndpoints } from '../../adapters/sagemaker/async-endpoints.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ModeldropError } from '../../models/errors.ts';

/** What is to be looked at again: a drop by its key in the inbox and the archive whose endpoint it waits for, or an archive that went, by its own. */
export interface Postponed {
  readonly key: string;
  readonly archive?: string;
}

export interface Provisioning {
  readonly endpoints: AsyncEndpoints;
  /** Has it looked at again, in a minute or so. It resolves once that is sure to happen. */
  readonly later: (what: Postponed) => Promise<void>;
}

/** The drop waits for its endpoint, and comes again by itself. It reaches no caller. */
export class EndpointOnItsWay extends ModeldropError {
  override readonly name = 'EndpointOnItsWay';
  readonly status = 503;
  readonly archive: string;
  constructor(archive: string) {
    super('an endpoint of its own, which SageMaker takes some minutes to bring up', { archive });
    this.archive = archive;
  }
}

/** SageMaker could not bring up an endpoint for this model. */
class EndpointNotMade extends ModeldropError {
  override readonly name = 'EndpointNotMade';
  readonly status = 422;
  constructor(why: string) {
    super(`SageMaker could not bring up an endpoint for the model: ${why}; mend that, and drop it again`, { why });
  }
}

interface Ports {
  readonly registry: Store;
  readonly provisioning: Provisioning;
}

/**
 * Sees to it that the archive's endpoint is in service, before a version names it: what is published can be served.
 * @throws EndpointOnItsWay, EndpointNotMade
 */
export async function requireEndpoint(ports: Ports, bytes: Uint8Array): Promise<void> {
  const { registry, provisioning } = ports;
  const archive = sha256(bytes);
  await registry.create(layout.triton(archive), bytes);
  const standing = await provisioning.endpoints.ensure(archive);
  if (standing === 'in-service') return;
  if (standing === 'changing') throw new EndpointOnItsWay(archive);
  // What has failed stays so: dropped again, it is to begin anew.
  await provisioning.endpoints.remove(archive);
  await eraseUnnamed(registry, layout.triton(archive));
  throw new EndpointNotMade(standing.failed);
}

/** Takes an endpoint away whose archive is gone, and with it every version that named it. */
export async function retire({ registry, provisioning }: Ports, archive: string): Promise<void> {
  const { endpoints, later } = provisioning;
  const key = layout.triton(archive);
  // Put back: somebody has come to name it.
  if ((await registry.list(key)).length > 0) return;
  if (await endpoints.isChanging(archive)) return later({ key });
  await endpoints.remove(archive);
}

/** Takes archive and endpoint of a drop away that did not become a version after all. */
export async function abandon({ registry, provisioning: { endpoints } }: Ports, archive: string): Promise<void> {
  // Another drop waits for it.
  if (await endpoints.isChanging(archive)) return;
  if (await eraseUnnamed(registry, layout.triton(archive))) await endpoints.remove(archive);
}
