import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { run } from '../../../apps/cli/run.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Starts the command as a person does, in a process of its own that knows no platform but the one in `env`. */
export function start(args: readonly string[], { cwd = root, env = {} }: Surroundings = {}) {
  return spawn(join(root, 'node_modules/.bin/node'), [join(root, 'apps/cli/entry.ts'), ...args], {
    cwd,
    env: { PATH: process.env.PATH, MODELDROP_HOME: '/nonexistent', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

let before: Promise<unknown> = Promise.resolve();

/** Runs the command to its end, in this process: it is handed all that it knows of one. One after the other, as folders are the process's. */
export function modeldrop(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const ending = before.then(() => runHere(args, surroundings));
  before = ending.catch(() => {});
  return ending;
}

async function runHere(args: readonly string[], { cwd = root, env = {}, input = '' }: Surroundings): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([textOf(stdout), textOf(stderr)]);
  const home = process.cwd();
  process.chdir(cwd);
  try {
    const code = await run(args, {
      env: { PATH: process.env.PATH, MODELDROP_HOME: '/nonexistent', ...env },
      stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
      stdout,
      stderr,
      interruption: () => new AbortController().signal,
    });
    stdout.end();
    stderr.end();
    const [out, err] = await printed;
    return { code, stdout: out, stderr: err };
  } finally {
    process.chdir(home);
  }
}

export async function ended(child: ReturnType<typeof start>): Promise<Ended> {
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

const textOf = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
};
