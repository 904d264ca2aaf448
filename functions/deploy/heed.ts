import { archiveAt } from '../../adapters/registry/layout.ts';
import { type DropPorts, takeUp } from './drop.ts';
import { abandon, type Postponed, type Provisioning, retire } from './provision.ts';

type WithEndpoints = DropPorts & { readonly provisioning: Provisioning };

const hasEndpoints = (ports: DropPorts): ports is WithEndpoints => ports.provisioning !== undefined;

/** What a message is about: a file in the inbox, a drop that waits for its endpoint, or an archive that went. Safe to repeat. */
export async function heed(ports: DropPorts, message: Postponed): Promise<void> {
  if (!hasEndpoints(ports)) return takeUp(ports, message.key);
  const { key, archive } = message;
  const gone = archiveAt(key);
  if (gone !== undefined) return retire(ports, gone);
  if (archive === undefined) return takeUp(ports, key);
  // Nothing is read, and nothing proved, only to wait on.
  if (await ports.provisioning.endpoints.isChanging(archive)) return ports.provisioning.later(message);
  await takeUp(ports, key);
  await abandon(ports, archive);
}
