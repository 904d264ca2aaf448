import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** A new file in `folder` that holds `bytes` and has reached the disk. Its name states the process that owns it. */
export async function writeTemporary(folder: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${process.pid}-${randomUUID()}`);
  try {
    await writeSynced(path, bytes);
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY_FILE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings a folder's entries to the disk: what was linked, renamed or unlinked in it survives a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes folders at or below `root`, readable by nobody else. A folder is on the disk only once its parent's entries are:
 * each is brought there when this process first writes in it, also where another made it and died before it could.
 */
export function durableFolders(root: string): (folder: string) => Promise<void> {
  const settled = new Set<string>();

  async function settle(folder: string): Promise<void> {
    if (settled.has(folder)) return;
    const parent = dirname(folder);
    if (folder !== root) await settle(parent);
    await syncFolder(parent);
    settled.add(folder);
  }

  return async (folder) => {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    await settle(folder);
  };
}
