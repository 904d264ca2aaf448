import { randomBytes } from 'node:crypto';
import type { Static } from 'typebox';
import * as Type from 'typebox';
import type { Store } from '../store/store.ts';
import { encode, readDocument } from './document.ts';
import { layout } from './layout.ts';
import { sha256 } from './sha256.ts';

const Scope = Type.Unsafe<'predict' | 'deploy' | 'admin'>({ type: 'string', enum: ['predict', 'deploy', 'admin'] });

/** What a key may do, and for whom. The secret itself is shown once and never stored. */
export const KeyGrant = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    tenant: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', default: 'default' }),
    scopes: Type.Array(Scope, { minItems: 1, maxItems: 3 }),
    models: Type.Array(Type.String({ pattern: '^[a-z0-9*-]{1,64}$' }), {
      minItems: 1,
      maxItems: 100,
      description: 'Model names; * stands for any part of one.',
    }),
  },
  { additionalProperties: false },
);
export type KeyGrant = Static<typeof KeyGrant>;

export interface Key extends KeyGrant {
  /** The first 16 hex digits of the secret's SHA-256. */
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

export const ID_LENGTH = 16;

/** A fresh secret of 256 bits, in letters and digits that every header carries, SigV4's credential included. */
export const newSecret = (): string => `md${randomBytes(32).toString('hex')}`;

export async function createKey(
  store: Store,
  secret: string,
  grant: KeyGrant,
  { at, by }: { at: string; by: string },
): Promise<Key> {
  const hash = sha256(secret);
  const key: Key = { id: hash.slice(0, ID_LENGTH), ...grant, createdAt: at, createdBy: by };
  await store.create(layout.key(hash), encode(key));
  return key;
}

export async function listKeys(store: Store): Promise<Key[]> {
  const paths = await store.list(layout.keys());
  const documents = await Promise.all(paths.map((path) => readDocument<Key>(store, path)));
  return documents.flatMap((document) => (document ? [document.value] : []));
}

/** False where no key has this id. */
export async function revokeKey(store: Store, id: string): Promise<boolean> {
  const [path] = id.length === ID_LENGTH ? await store.list(layout.keys(id)) : [];
  const stored = path === undefined ? undefined : await store.read(path);
  return stored !== undefined && (await store.delete(path as string, stored.etag));
}
