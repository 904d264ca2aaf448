import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { TorchMissing } from './torch-failed.ts';

const run = promisify(execFile);

/** A Python that has torch. */
export interface Python {
  readonly path: string;
  /** Of torch. */
  readonly version: string;
}

/** Importing torch for the first time may read a gigabyte. */
const PATIENCE_MS = 120_000;
const ASK = 'import torch, numpy; print(torch.__version__)';
/** Where Debian's packages live, whatever comes first on PATH. */
const USUAL = '/usr/bin/python3';

/**
 * `MODELDROP_PYTHON` if it is set, and no other; otherwise the first python3 on PATH that has torch.
 * @throws TorchMissing naming each that was tried
 */
export async function findPython(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Python> {
  const tried: { python: string; why: string }[] = [];
  for (const path of await candidates(env)) {
    try {
      const { stdout } = await run(path, ['-B', '-c', ASK], { timeout: PATIENCE_MS, env, ...(signal && { signal }) });
      return { path, version: stdout.trim() };
    } catch (error) {
      signal?.throwIfAborted();
      tried.push({ python: path, why: lastLine(error as Error & { stderr?: string }) });
    }
  }
  throw new TorchMissing(tried);
}

async function candidates({ MODELDROP_PYTHON: stated, PATH = '' }: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (stated) return [stated];
  const found = [
    ...PATH.split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, 'python3')),
    USUAL,
  ];
  const there = await Promise.all([...new Set(found)].map(async (path) => ((await isProgram(path)) ? [path] : [])));
  return there.flat();
}

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const lastLine = ({ message, stderr = '' }: Error & { stderr?: string }): string =>
  stderr.trim().split('\n').at(-1) || message.split('\n')[0] || 'it did not start';
