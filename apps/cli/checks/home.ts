import { access, constants, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Finding, failed, fine } from './finding.ts';

const NEEDED_BYTES = 1024 ** 3;

/** Whether the local platform's folder can be written, or made. */
export async function checkHome(home: string): Promise<Finding> {
  const folder = await nearest(resolve(home));
  try {
    await access(folder, constants.W_OK);
    return fine('home', resolve(home));
  } catch (error) {
    return failed('home', (error as Error).message, 'set MODELDROP_HOME to a folder that you may write');
  }
}

/** Whether there is room for models. */
export async function checkDisk(home: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(resolve(home)));
  const found = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB free`;
  if (bavail * bsize >= NEEDED_BYTES) return fine('disk', found);
  return failed('disk', found, 'make room: models need about 1 GB');
}

/** The folder itself, or the nearest one above that exists. */
async function nearest(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  return exists || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
