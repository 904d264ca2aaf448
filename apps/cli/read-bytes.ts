import { readFile } from 'node:fs/promises';
import { Failure } from './failures.ts';

/** The bytes of a file that a person named. @throws Failure saying which file, and why */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Failure(`${path} can't be read: ${words[code] ?? message}`);
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name the files in it',
  EACCES: 'you may not; look at its permissions',
};
