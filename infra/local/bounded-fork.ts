import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildProgram, present } from './child-program.ts';

export interface BoundedFork {
  /** The platform's folder. */
  readonly home: string;
  /** Folders that the program may read, besides itself. */
  readonly folders?: readonly string[];
  /** Single files that it may read. */
  readonly files?: readonly string[];
  /** Folders that it may write in. */
  readonly written?: readonly string[];
  /** After our own process id: see `dieWithParent`. */
  readonly args?: readonly string[];
  /** Of JavaScript's heap. */
  readonly heapMb: number;
  /** Of all that it can write to: JavaScript's heap, and what native code allocates. Linux only. */
  readonly dataMb: number;
}

/**
 * Starts a program of ours that handles what strangers sent: with an empty environment, in an empty folder, with little
 * to read and nothing to write but what is said, and within bounds of memory.
 */
export function forkBounded(
  program: ChildProgram,
  { home, folders = [], files = [], written = [], args = [], heapMb, dataMb }: BoundedFork,
): ChildProcess {
  const { file, reads } = present(program);
  const readable = [...reads, ...folders.map((folder) => join(folder, '*')), ...files];
  const options = [
    '--permission',
    // ONNX Runtime is native code, and imported only by our own.
    '--allow-addons',
    '--allow-worker',
    '--disable-warning=SecurityWarning',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    ...written.map((folder) => `--allow-fs-write=${join(folder, '*')}`),
    `--max-old-space-size=${heapMb}`,
  ];
  const { execPath, execArgv } =
    process.platform === 'linux'
      ? { execPath: '/bin/sh', execArgv: ['-c', bounded(dataMb), process.execPath, ...options] }
      : { execPath: process.execPath, execArgv: options };
  return fork(file, [String(process.pid), ...args], {
    execPath,
    execArgv,
    env: {},
    cwd: emptyFolder(home),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

/** Not of addresses (-v): JavaScript reserves gigabytes of those, and never writes there. */
const bounded = (megabytes: number): string => `ulimit -d ${megabytes * 1024}; exec "$0" "$@"`;

/** ONNX Runtime would read whatever a model names from where it stands. */
function emptyFolder(home: string): string {
  const folder = join(home, 'empty');
  mkdirSync(folder, { recursive: true, mode: 0o500 });
  return folder;
}
