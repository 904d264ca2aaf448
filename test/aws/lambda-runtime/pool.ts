import { rm } from 'node:fs/promises';
import type { Configuration } from './configuration.ts';
import type { Outcome } from './outcome.ts';
import { bringOwnProcessor } from './own-processor.ts';
import { InitFailed, type Sandbox, startSandbox } from './sandbox.ts';
import { unpack } from './unzip.ts';

export interface Invocation extends Outcome {
  /** Present where a sandbox was made for it. */
  readonly initMs?: number;
  /** How long its sandbox had stood still, where it was not made for it. */
  readonly frozenMs?: number;
}

/** A function and its sandboxes: as many as there are requests at once. */
export interface LambdaPool {
  invoke(event: unknown): Promise<Invocation>;
  /** How many sandboxes there are now. */
  size(): number;
  /** Everything that the function has written. */
  logs(): string;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** The function's code: a folder, or a zip of one. */
  readonly code: { readonly folder: string } | { readonly zip: Uint8Array };
  readonly configuration: Configuration;
}

export async function lambdaPool({ code, configuration }: PoolOptions): Promise<LambdaPool> {
  const taskRoot = 'folder' in code ? code.folder : await unpack(code.zip);
  if ('zip' in code) await bringOwnProcessor(taskRoot);
  const all = new Set<Sandbox>();
  const resting: Sandbox[] = [];
  let written = '';
  const log = (text: string): void => {
    written += text;
  };

  const run = async (sandbox: Sandbox, event: unknown): Promise<Outcome> => {
    const outcome = await sandbox.invoke(event);
    if (sandbox.isAlive()) resting.push(sandbox);
    else all.delete(sandbox);
    return outcome;
  };

  const cold = async (event: unknown): Promise<Invocation> => {
    const sandbox = await startSandbox({ taskRoot, configuration, log });
    all.add(sandbox);
    return { ...(await run(sandbox, event)), initMs: sandbox.initMs };
  };

  return {
    async invoke(event) {
      const sandbox = resting.pop();
      if (sandbox?.isAlive()) {
        const frozenMs = sandbox.frozenMs();
        return { ...(await run(sandbox, event)), frozenMs };
      }
      return cold(event).catch((error) => {
        if (error instanceof InitFailed) return error.outcome;
        throw error;
      });
    },
    size: () => all.size,
    logs: () => written,
    async close() {
      await Promise.all([...all].map((sandbox) => sandbox.close()));
      if ('zip' in code) await rm(taskRoot, { recursive: true, force: true });
    },
  };
}
