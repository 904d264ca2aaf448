import type { View } from './fresh.ts';
import type { Key } from './keys.ts';
import { layout } from './layout.ts';
import { sha256 } from './versions.ts';

/** A key as the registry knows it now, or undefined for an unknown or revoked one. */
export interface Identity {
  readonly key: Key;
  readonly beside: Promise<void> | undefined;
}

export type Keyring = (secret: string) => Promise<Identity | undefined>;

export const keyring =
  (keys: (path: string) => Promise<View<Key>>): Keyring =>
  async (secret) => {
    const { value, beside } = await keys(layout.key(sha256(secret)));
    return value && { key: value, beside };
  };
