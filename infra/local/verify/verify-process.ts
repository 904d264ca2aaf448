import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { layout } from '../../../adapters/registry/layout.ts';
import type { DropPorts } from '../../../functions/deploy/drop.ts';
import { plainName } from '../../../functions/http/inbox.ts';
import { modelBlobs } from '../../../functions/http/model-blobs.ts';
import type { VerifyReport, VerifyRequest } from '../../../functions/http/verification.ts';
import { ModeldropError } from '../../../models/errors.ts';
import { forkBounded } from '../bounded-fork.ts';
import { type ChildProgram, fromSource } from '../child-program.ts';
import { boundFor } from '../memory-bound.ts';

export interface VerifyProcessOptions {
  /** The folder that holds `inbox/` and `registry/`. */
  readonly home: string;
  readonly deadlineMs?: number;
  /** What its process may write to, for files of so many bytes in all. */
  readonly boundMb?: (bytes: number) => number;
  readonly program?: ChildProgram | Promise<ChildProgram>;
  /** Aborted where nobody can wait any longer: what is being verified is verified again at the next start. */
  readonly leaving?: AbortSignal;
}

/** Of JavaScript's heap: files lie outside of it. */
const HEAP_MB = 512;

export const verifyEntry = fileURLToPath(new URL('entry.ts', import.meta.url));

/**
 * The verify function in a process of its own, one a verification, which may read the inbox, the files of the
 * serving version and our program, and may write nothing. A file for which it must be killed is refused by a report like any other.
 */
export function verifyInProcess({
  home,
  deadlineMs = 60_000,
  boundMb = boundFor,
  program = fromSource(verifyEntry),
  leaving,
}: VerifyProcessOptions): DropPorts['verify'] {
  return async (keys, serving) => {
    const served = serving ? modelBlobs(serving).map(({ sha256 }) => join(home, 'registry', layout.blob(sha256))) : [];
    const dataMb = boundMb(await sizeOf([...keys.map((key) => join(home, key)), ...served]));
    const child = forkBounded(await program, {
      home,
      folders: [join(home, 'inbox')],
      files: served,
      heapMb: HEAP_MB,
      dataMb,
    });
    const { promise, resolve, reject } = Promise.withResolvers<VerifyReport>();
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    child
      .once('message', (report) => {
        resolve(report as VerifyReport);
        child.disconnect();
      })
      .once('error', (cause) => reject(new VerificationBroken({ cause })))
      .once('exit', (code, signal) => {
        if (signal === null) reject(new VerificationBroken({ cause: new Error(`exit code ${code}`) }));
        else resolve(killed(deadlineMs, dataMb));
      });
    child.send({
      ...requestFor(home, keys),
      ...(serving && { serving: { version: serving, urls: served.map((path) => pathToFileURL(path).href) } }),
    });
    const leave = (): void => {
      reject(new VerificationBroken({ cause: leaving?.reason }));
      child.kill('SIGKILL');
    };
    leaving?.addEventListener('abort', leave, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      leaving?.removeEventListener('abort', leave);
    });
  };
}

/** Not the model's fault: the process did not start, or could not read what it was handed. The drop is tried again. */
export class VerificationBroken extends ModeldropError {
  override readonly name = 'VerificationBroken';
  readonly status = 503;
  constructor(options: ErrorOptions) {
    super('the model could not be verified; it will be tried again', {}, options);
  }
}

/** Bytes in all. What is not there is missed when it is read. */
async function sizeOf(paths: readonly string[]): Promise<number> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return found.reduce((sum, file) => sum + (file?.size ?? 0), 0);
}

export const requestFor = (home: string, keys: readonly string[]): VerifyRequest => ({
  files: keys.map((key) => ({ name: plainName(basename(key)), url: pathToFileURL(join(home, key)).href })),
});

const killed = (deadlineMs: number, dataMb: number): VerifyReport => ({
  ok: false,
  error: `reading and proving the model must take at most ${deadlineMs / 1_000} s and ${dataMb} MB, and it did not end in time or in memory`,
});
