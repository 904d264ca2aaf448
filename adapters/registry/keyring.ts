import type { StoreReader } from '../store/store.ts';
import { freshView } from './fresh.ts';
import type { Key } from './keys.ts';
import { layout } from './layout.ts';
import { sha256 } from './sha256.ts';

/** A key as the registry knows it now. */
export interface Identity {
  readonly key: Key;
  readonly beside: Promise<void> | undefined;
}

/** Undefined for an unknown or revoked key. */
export type Keyring = (secret: string) => Promise<Identity | undefined>;

/** How long a key lives on while the store fails. */
const STALE_MS = 60_000;
/** How long a wrong one is remembered as wrong. */
const ABSENT_MS = 3_000;

/** The keys of a registry, as fresh as every request needs. */
export function keysView(store: StoreReader, now: () => number): Keyring {
  const view = freshView<Key>({ store, now, staleFor: STALE_MS, absentFor: ABSENT_MS });
  return async (secret) => {
    const { value, beside } = await view(layout.key(sha256(secret)));
    return value && { key: value, beside };
  };
}
