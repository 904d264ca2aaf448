import { spawn } from 'node:child_process';
import { join } from 'node:path';

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

/** Runs the command to its end. */
export async function modeldrop(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const child = start(args, surroundings);
  child.stdin.end(surroundings.input ?? '');
  return ended(child);
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
