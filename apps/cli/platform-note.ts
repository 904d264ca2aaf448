import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../client/call.ts';
import { Failure } from './failures.ts';

/** The folder of the local platform. */
export const homeOf = (env: NodeJS.ProcessEnv): string => env.MODELDROP_HOME || '.modeldrop';

/** Where the local platform of this folder is, as it notes while it runs. @throws Failure for a note that is none */
export async function readNote(env: NodeJS.ProcessEnv): Promise<Connection | undefined> {
  const file = join(homeOf(env), 'platform.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new Failure(`${file} can't be read (${error.code}); set MODELDROP_URL and MODELDROP_KEY`);
  });
  return text === undefined ? undefined : parsed(file, text);
}

function parsed(file: string, text: string): Connection {
  try {
    const { url, key } = JSON.parse(text);
    if (typeof url === 'string' && typeof key === 'string') return { url, key };
  } catch {}
  throw new Failure(
    `${file} must hold {"url", "key"}; start the platform again, or set MODELDROP_URL and MODELDROP_KEY`,
  );
}
