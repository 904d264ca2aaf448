import { spawn } from 'node:child_process';

export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** Starts a program with Node, and waits for its line `... ready <url>`. */
export async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stderr: 'inherit' | 'ignore' = 'inherit',
): Promise<Server> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', stderr],
  });
  // It is read to its end: a program that goes on to write must find somebody who reads.
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  child.stdout.on('data', (chunk) => {
    const [, url] = /ready (\S+)/.exec(String(chunk)) ?? [];
    if (url !== undefined) resolve(url);
  });
  child.stdout.once('end', () => resolve(undefined));
  const url = await promise;
  if (url !== undefined) return { url, pid: child.pid as number, stop: () => child.kill() };
  throw new Error(`${args.join(' ')} ended before it was ready`);
}
