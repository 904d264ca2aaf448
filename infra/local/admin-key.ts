import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKey, ID_LENGTH, listKeys, newSecret, revokeKey } from '../../adapters/registry/keys.ts';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { Store } from '../../adapters/store/store.ts';
import { writePrivate } from './private-file.ts';
import { SettingRefused } from './settings.ts';

const NAME = 'local admin';

/**
 * The one admin key of this platform: the stated one, or the one of the last start, or a new one.
 * An admin key of an earlier start that is another one is revoked.
 * @throws SettingRefused for a stated key that is there already and may less
 */
export async function adminKey(registry: Store, home: string, stated: string | undefined, at: string): Promise<string> {
  const file = join(home, 'key');
  const secret = stated ?? (await remembered(file)) ?? newSecret();
  if (stated === undefined) await writePrivate(file, `${secret}\n`);
  const id = sha256(secret).slice(0, ID_LENGTH);
  const keys = await listKeys(registry);
  if (keys.some((key) => key.id === id && !key.scopes.includes('admin'))) {
    throw new SettingRefused('MODELDROP_KEY is a lesser key of this home already; choose another for the admin');
  }
  for (const key of keys) {
    if (key.name === NAME && key.createdBy === NAME && key.id !== id) await revokeKey(registry, key.id);
  }
  const grant = { name: NAME, tenant: 'default', scopes: ['admin' as const], models: ['*'] };
  await createKey(registry, secret, grant, { at, by: NAME });
  return secret;
}

const remembered = async (file: string): Promise<string | undefined> =>
  (await readFile(file, 'utf8').catch(() => '')).trim() || undefined;
