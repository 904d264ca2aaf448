import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what processes that died in the middle of a write have left in a folder of temporary files. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isAbandoned(path, Number.parseInt(name, 10))) await rm(path, { force: true });
  }
}

async function isAbandoned(path: string, owner: number): Promise<boolean> {
  if (owner !== process.pid) return !isAlive(owner);
  // Process numbers come back, in a container at once: what is older than this process is a namesake's.
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && written.mtimeMs < startOfThisProcess() - CLOCK_SLACK_MS;
}

const CLOCK_SLACK_MS = 1_000;

const startOfThisProcess = (): number => Date.now() - process.uptime() * 1_000;

function isAlive(process_: number): boolean {
  if (!(process_ > 0)) return false;
  try {
    return process.kill(process_, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
