import { createKey, type Key, listKeys, newSecret } from '../../../adapters/registry/keys.ts';
import type { Store } from '../../../adapters/store/store.ts';

/** What an admin key of a deployed stage is for, and who makes it. */
export interface AdminGrant {
  readonly name: string;
  readonly tenant: string;
  /** The operator, as AWS knows them. */
  readonly by: string;
}

export interface AdminKey extends Key {
  readonly key: string;
}

/** Writes an admin key into the registry itself. Only the operator's own credentials can. */
export async function createAdminKey(registry: Store, { by, ...grant }: AdminGrant): Promise<AdminKey> {
  const secret = newSecret();
  const at = new Date().toISOString();
  const key = await createKey(registry, secret, { ...grant, scopes: ['admin'], models: ['*'] }, { at, by });
  return { ...key, key: secret };
}

/** An admin key where the registry has none yet; without one, nobody could make any. */
export async function firstAdminKey(registry: Store, by: string): Promise<AdminKey | undefined> {
  const keys = await listKeys(registry);
  if (keys.some(({ scopes }) => scopes.includes('admin'))) return undefined;
  return createAdminKey(registry, { name: 'first admin', tenant: 'default', by });
}
