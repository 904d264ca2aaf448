import { CommanderError } from 'commander';
import { complaint } from './complaint.ts';
import { Interrupted, Misuse } from './failures.ts';
import { oneLine } from './output.ts';
import { programFor } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Exit codes, which are part of the command's surface. */
const [DONE, FAILED, MISUSED, INTERRUPTED] = [0, 1, 2, 130];

/** Runs one command line. Errors become one line on stderr. @returns the exit code */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await programFor(terminal).parseAsync(args, { from: 'user' });
    return DONE;
  } catch (error) {
    const text = complaint(error);
    if (text !== undefined) terminal.stderr.write(`modeldrop: ${oneLine(text)}\n`);
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISUSED;
  if (error instanceof Misuse) return MISUSED;
  return error instanceof Interrupted ? INTERRUPTED : FAILED;
}
