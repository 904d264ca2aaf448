import type { Readable, Writable } from 'node:stream';

/** What a command is given of the process that it runs in. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Aborts at the first Ctrl-C, which then no longer ends the process by itself; a second one does. */
  interruption(): AbortSignal;
}
