import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkPath } from '../../../adapters/store/path.ts';
import { readRegular } from '../../../adapters/store/regular-file.ts';

/** The bucket of asynchronous calls on one machine: what is asked lies there, and what is answered. */
export const ASYNC_BUCKET = 'modeldrop-local-async';

export interface AsyncBucket {
  /** Undefined where nothing is there. @throws RangeError where it is larger */
  read(key: string, mostBytes: number): Promise<Uint8Array | undefined>;
  has(key: string): Promise<boolean>;
  /** The whole object, or none of it. */
  write(key: string, bytes: Uint8Array): Promise<void>;
}

/** A folder as that bucket. */
export function asyncBucket(folder: string): AsyncBucket {
  return {
    async read(key, mostBytes) {
      const file = join(folder, key);
      const found = await stat(file).catch(() => undefined);
      if (found === undefined) return undefined;
      if (found.size > mostBytes) throw new RangeError(`${found.size} bytes`);
      return readRegular(file);
    },
    has: (key) =>
      stat(join(folder, key)).then(
        () => true,
        () => false,
      ),
    async write(key, bytes) {
      const file = join(folder, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.part`, bytes);
      await rename(`${file}.part`, file);
    },
  };
}

export const locationOf = (key: string): string => `s3://${ASYNC_BUCKET}/${key}`;

/** The key that a location in this bucket names; undefined for any other. */
export function keyAt(location: string): string | undefined {
  const start = locationOf('');
  if (!location.startsWith(start)) return undefined;
  const key = location.slice(start.length);
  try {
    checkPath(key);
    return key;
  } catch {
    return undefined;
  }
}
