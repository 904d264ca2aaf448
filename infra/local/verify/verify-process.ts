import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { layout } from '../../../adapters/registry/layout.ts';
import type { DropPorts } from '../../../functions/deploy/drop.ts';
import type { VerifyReport, VerifyRequest } from '../../../functions/http/verification.ts';
import { ModeldropError } from '../../../models/errors.ts';
import type { Blob } from '../../../models/manifest.ts';
import { forkBounded } from '../bounded-fork.ts';

export interface VerifyProcessOptions {
  /** The folder that holds `inbox/` and `registry/`. */
  readonly home: string;
  readonly deadlineMs?: number;
  readonly memoryMb?: number;
  /** Aborted where nobody can wait any longer: what is being verified is verified again at the next start. */
  readonly leaving?: AbortSignal;
}

/** What it may write to: half a gigabyte is Node's own before it has read anything. */
const DATA_MB = 2_500;

const program = fileURLToPath(new URL('entry.ts', import.meta.url));

/**
 * The verify function in a process of its own, one a verification, which may read the inbox, the file of the
 * serving version and our program, and may write nothing. A file for which it must be killed is refused by a report like any other.
 */
export function verifyInProcess({
  home,
  deadlineMs = 60_000,
  memoryMb = 512,
  leaving,
}: VerifyProcessOptions): DropPorts['verify'] {
  return async (keys, serving) => {
    const blob = serving && join(home, 'registry', layout.blob((serving.blobs[0] as Blob).sha256));
    const child = forkBounded(program, {
      home,
      folders: [join(home, 'inbox')],
      files: blob ? [blob] : [],
      heapMb: memoryMb,
      dataMb: DATA_MB,
    });
    const { promise, resolve, reject } = Promise.withResolvers<VerifyReport>();
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    child
      .once('message', (report) => resolve(report as VerifyReport))
      .once('error', (cause) => reject(new VerificationBroken({ cause })))
      .once('exit', (code, signal) => {
        if (signal === null) reject(new VerificationBroken({ cause: new Error(`exit code ${code}`) }));
        else resolve(killed(deadlineMs, memoryMb));
      });
    child.send({
      ...requestFor(home, keys),
      ...(serving && blob && { serving: { version: serving, url: pathToFileURL(blob).href } }),
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
class VerificationBroken extends ModeldropError {
  override readonly name = 'VerificationBroken';
  readonly status = 503;
  constructor(options: ErrorOptions) {
    super('the model could not be verified; it will be tried again', {}, options);
  }
}

const requestFor = (home: string, keys: readonly string[]): VerifyRequest => ({
  files: keys.map((key) => ({ name: basename(key), url: pathToFileURL(join(home, key)).href })),
});

const killed = (deadlineMs: number, memoryMb: number): VerifyReport => ({
  ok: false,
  error: `reading and proving the model must take at most ${deadlineMs / 1_000} s and ${memoryMb} MB, and it did not end in time or in memory`,
});
