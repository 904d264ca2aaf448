import { chmodSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { OWNER_ONLY_FILE } from './durable.ts';

/** Runs `work` while no other caller, in this process or another, holds the same lock. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A lock over a file that the kernel itself releases when its holder dies, by whatever signal.
 *
 * A lock file that is created and removed survives `kill -9`, and every way to tell an abandoned one from a held one
 * is a guess at time or process numbers. `flock` and `fcntl` make no guess, but Node offers neither. The SQLite that
 * comes with Node does: a write transaction takes `fcntl` locks on its file. Ours never writes, so that the file
 * stays empty and there is no journal to recover. Windows has the same promise with its own locks.
 *
 * Nothing in this process may open the file by other means: `fcntl` locks go with the first descriptor closed.
 */
export function kernelLock(file: string, patienceMs = 10_000): Exclusively {
  let database: DatabaseSync | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  // Callers in this process queue up in order; only the first of them contends with other processes.
  return (work) => {
    const turn = tail.then(async () => {
      database ??= openQuietly(file);
      await acquire(database, patienceMs);
      try {
        return await work();
      } finally {
        database.exec('ROLLBACK');
      }
    });
    tail = turn.catch(() => {});
    return turn;
  };
}

const SQLITE_BUSY = 5;
const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 16;

/** Waits by asking again: SQLite's own waiting would stop the event loop. */
async function acquire(database: DatabaseSync, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let longest = SHORTEST_PAUSE_MS; ; longest = Math.min(2 * longest, LONGEST_PAUSE_MS)) {
    try {
      return database.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await pause(Math.random() * longest);
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;

/** Early releases of Node 24 warn that SQLite is experimental. The warning comes while it loads; no other is dropped. */
function openQuietly(file: string): DatabaseSync {
  const { emitWarning } = process;
  process.emitWarning = ((...warning: Parameters<typeof emitWarning>) => {
    if (!String(warning[0]).startsWith('SQLite is an experimental feature')) emitWarning.apply(process, warning);
  }) as typeof emitWarning;
  try {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const database = new DatabaseSync(file, { timeout: 0 });
    chmodSync(file, OWNER_ONLY_FILE);
    return database;
  } finally {
    process.emitWarning = emitWarning;
  }
}
