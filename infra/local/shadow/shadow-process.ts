import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counter } from '../../../adapters/meter/counter.ts';
import type { ShadowCopy } from '../../../functions/predict/shadow-copy.ts';
import type { CountLine } from '../../../models/watch/counts.ts';
import { type EndpointPlace, tellEndpoint } from '../platform-endpoint.ts';

export interface ShadowProcessOptions {
  readonly home: string;
  /** The folder of the registry. */
  readonly registry: string;
  readonly counter: Counter;
  /** How long one copy may take. */
  readonly deadlineMs?: number;
  /** Copies that may wait or be at work. */
  readonly atOnce?: number;
  /** What shadows that are placed on the endpoint are asked at. */
  readonly endpoint?: EndpointPlace;
  /** What runs in the process. */
  readonly program?: string;
}

export interface ShadowProcess {
  /** Returns at once, and whether the copy was taken. */
  send(copy: ShadowCopy): boolean;
  close(): Promise<void>;
}

const entry = fileURLToPath(new URL('entry.ts', import.meta.url));

/**
 * Copies of requests, one after the other in a process of their own: whoever predicts meanwhile does not wait, not even
 * for a version that computes without end. Such a process is killed, and what it has not answered is lost.
 */
export function shadowProcess(options: ShadowProcessOptions): ShadowProcess {
  const { home, registry, counter, deadlineMs = 10_000, atOnce = 64, endpoint, program = entry } = options;
  let child: ChildProcess | undefined;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const watch = (started: ChildProcess): void => {
    clearTimeout(timer);
    timer = waiting === 0 ? undefined : setTimeout(() => started.kill('SIGKILL'), deadlineMs).unref();
  };

  const start = (): ChildProcess => {
    const started = fork(program, [registry, endpoint?.name ?? ''], {
      env: {},
      cwd: home,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    tellEndpoint(started, endpoint);
    started.on('message', (lines: object) => {
      if (!Array.isArray(lines)) return;
      waiting -= 1;
      watch(started);
      for (const line of lines as CountLine[]) if (line.shadow) counter.shadow({ ...line, shadow: line.shadow });
    });
    started.on('error', () => {});
    started.once('exit', () => {
      if (child !== started) return;
      [child, waiting] = [undefined, 0];
      clearTimeout(timer);
    });
    started.unref();
    started.channel?.unref();
    return started;
  };

  return {
    send(copy) {
      if (waiting >= atOnce) return false;
      child ??= start();
      waiting += 1;
      if (waiting === 1) watch(child);
      return child.send(copy);
    },
    async close() {
      clearTimeout(timer);
      const ending = child;
      child = undefined;
      if (ending === undefined || ending.exitCode !== null) return;
      const exit = once(ending, 'exit');
      ending.kill('SIGKILL');
      await exit;
    },
  };
}
