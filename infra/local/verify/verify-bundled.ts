import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { DropPorts } from '../../../functions/deploy/drop.ts';
import type { VerifyReport } from '../../../functions/http/verification.ts';
import { forkBounded } from '../bounded-fork.ts';
import type { ChildProgram } from '../child-program.ts';
import { boundFor } from '../memory-bound.ts';
import { requestFor, VerificationBroken } from './verify-process.ts';

export interface BundledVerifier {
  readonly verify: DropPorts['verify'];
  close(): void;
}

const HEAP_MB = 512;

/**
 * The verify function in one process for all bundled examples, one after the other: a process each would take longer than
 * proving them. They are ours, so that none needs another's protection.
 */
export function verifyBundled(home: string, program: Promise<ChildProgram>): BundledVerifier {
  let forked: Promise<ChildProcess> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const ask = async (keys: readonly string[]): Promise<VerifyReport> => {
    forked ??= program.then((one) => {
      const bounds = { heapMb: HEAP_MB, dataMb: boundFor(0) };
      return forkBounded(one, { home, folders: [join(home, 'inbox')], ...bounds });
    });
    const child = await forked;
    const { promise, resolve, reject } = Promise.withResolvers<VerifyReport>();
    const broken = (cause: unknown): void => reject(new VerificationBroken({ cause }));
    child
      .once('message', (report) => resolve(report as VerifyReport))
      .once('error', broken)
      .once('exit', broken);
    child.send(requestFor(home, keys));
    return promise.finally(() => child.off('error', broken).off('exit', broken));
  };

  return {
    verify: (keys) => {
      const asked = before.then(() => ask(keys));
      before = asked.catch(() => {});
      return asked;
    },
    close: () =>
      void forked?.then(
        (child) => child.disconnect(),
        () => {},
      ),
  };
}
