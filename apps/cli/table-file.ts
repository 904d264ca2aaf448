import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TableSource } from '../../adapters/table/table-source.ts';
import { readBytes } from './read-bytes.ts';

/**
 * A table that a person named: read piece by piece where it is a file, at once where it is a pipe.
 * @throws Failure saying which file, and why
 */
export async function tableFile(path: string): Promise<TableSource> {
  const { sourceOfBytes, sourceOfFile } = await import('../../adapters/table/table-source.ts');
  const found = await access(path, constants.R_OK)
    .then(() => stat(path))
    .catch(() => undefined);
  if (found?.isFile()) return sourceOfFile(basename(path), path, found.size);
  return sourceOfBytes({ name: basename(path), bytes: await readBytes(path) });
}
