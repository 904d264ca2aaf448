import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startContainerHost } from './container-host.ts';
import { type FunctionHost, startFunctionHost } from './function-host.ts';

/** AWS on this machine, with functions that run. */
export interface StandIn {
  readonly url: string;
  readonly host: FunctionHost;
  /** The types of resources that were asked for and not made. */
  skipped(): string[];
  /** What went wrong inside, for a person to read. */
  complaints(): string;
  stop(): Promise<void>;
}

/** Undefined where it can't be had on this machine: then the reason is printed. @throws Error in continuous integration */
export async function startStandIn(): Promise<StandIn | undefined> {
  const [host, containers] = [await startFunctionHost(), await startContainerHost()];
  const child = spawn('python3', [import.meta.dirname, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, FUNCTION_HOST: host.url, CONTAINER_HOST: containers.url, PYTHONDONTWRITEBYTECODE: '1' },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const said = listenTo(child);
  const url = await said.address();
  if (url === undefined) {
    await Promise.all([host.close(), containers.close()]);
    const reason = `no moto for python3 on this machine (${said.lines.at(-1)}); to have it: pip install 'moto[server]'`;
    if (process.env.CI) throw new Error(reason);
    console.warn(`skipped: ${reason}`);
    return undefined;
  }
  host.surroundings.AWS_ENDPOINT_URL = url;
  return {
    url,
    host,
    skipped: () => said.lines.flatMap((line) => /^SKIPPED (\S+)$/.exec(line)?.slice(1) ?? []),
    complaints: () => said.lines.filter((line) => !/ HTTP\/1\.1" /.test(line)).join('\n'),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await Promise.all([host.close(), containers.close()]);
    },
  };
}

const PATIENCE_MS = 30_000;

function listenTo(child: ChildProcess) {
  const lines: string[] = [];
  let rest = '';
  let over = false;
  child.once('error', (error) => {
    lines.push(error.message);
    over = true;
  });
  child.once('exit', () => {
    over = true;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const address = async (): Promise<string | undefined> => {
    const until = performance.now() + PATIENCE_MS;
    while (!over && performance.now() < until) {
      const [, url] = /Running on (http:\/\/\S+)/.exec(lines.join('\n')) ?? [];
      if (url !== undefined) return url;
      await sleep(20);
    }
    return undefined;
  };
  return { lines, address };
}
