import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../adapters/torch/find-python.ts';
import { temporaryHome } from '../../journey/running-platform.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/** A folder with a python3 that runs this script of the shell. */
async function folderWith(script: string): Promise<string> {
  const folder = join(await temporaryHome(cleanups), 'bin');
  await mkdir(folder);
  await writeFile(join(folder, 'python3'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'python3'), 0o755);
  return folder;
}

const without = await folderWith(`echo "ModuleNotFoundError: No module named 'torch'" >&2; exit 1`);
const having = await folderWith('echo 9.9.9');

describe('the Python that trains networks', () => {
  it('is the first on PATH that has PyTorch', async () => {
    const PATH = [without, having].join(delimiter);
    expect(await findPython({ PATH })).toEqual({ path: join(having, 'python3'), version: '9.9.9' });
  });

  it('is the one that a person names, and no other', async () => {
    const python = join(without, 'python3');
    const search = findPython({ PATH: having, MODELDROP_PYTHON: python });
    await expect(search).rejects.toThrow(`Tried ${python} (ModuleNotFoundError: No module named 'torch')`);
    await expect(search).rejects.toThrow('pip install torch');
  });

  it('is not there: each that was tried is named', async () => {
    const absent = join(having, 'nowhere');
    await expect(findPython({ MODELDROP_PYTHON: absent })).rejects.toThrow(`Tried ${absent} (`);
  });
});
