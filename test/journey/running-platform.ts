import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A platform in a process of its own, as a person starts it. */
export interface RunningPlatform {
  readonly url: string;
  readonly key: string;
  readonly home: string;
  readonly process: ChildProcess;
  /** Everything that it printed. */
  output(): string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends the signal and resolves with the exit code, null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface StartOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const READY = /^modeldrop ready (\S+)$/m;
export const KEY = 'journey-admin-key';

/** A folder that is removed when the test file is through. */
export async function temporaryHome(cleanups: (() => Promise<void>)[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'modeldrop-'));
  cleanups.push(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

/** Starts `npm start`'s own command and waits until it says that it is ready. */
export async function startPlatform({ home, env = {} }: StartOptions = {}): Promise<RunningPlatform> {
  const folder = home ?? (await mkdtemp(join(tmpdir(), 'modeldrop-')));
  const child = spawn(join(root, 'node_modules/.bin/node'), ['infra/local/entry.ts'], {
    cwd: root,
    env: { ...process.env, MODELDROP_HOME: folder, MODELDROP_PORT: '0', MODELDROP_KEY: KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = Promise.withResolvers<string>();
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, url] = READY.exec(output) ?? [];
      if (url !== undefined) ready.resolve(url);
    });
  }
  exited.then((code) => ready.reject(new Error(`platform ended with ${code} before it was ready:\n${output}`)));
  const url = await ready.promise;
  const key = env.MODELDROP_KEY === '' ? (/^ {2}Key {4}(\S+)$/m.exec(output)?.[1] ?? '') : KEY;
  return {
    url,
    key,
    home: folder,
    process: child,
    output: () => output,
    call: (method, path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}
