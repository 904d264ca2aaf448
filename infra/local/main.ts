import { readFile } from 'node:fs/promises';
import { type Platform, startPlatform } from './platform.ts';
import { SettingRefused, type Settings, settingsFrom } from './settings.ts';

/** Runs the local platform until it is told to stop. The exit code is 0 after a drain, 1 on failure, 2 on a wrong setting. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await run(settingsFrom(env));
  } catch (error) {
    process.stderr.write(`modeldrop: ${explain(error as NodeJS.ErrnoException)}\n`);
    process.exitCode = error instanceof SettingRefused ? 2 : 1;
  }
}

async function run(settings: Settings): Promise<void> {
  const release = await ownRelease();
  print(`Modeldrop ${release}\n`);
  const stopping = signalled();
  const platform = await startPlatform(settings, { release, progress: print });
  print(welcome(platform, settings));
  await stopping;
  await platform.close();
}

/** Resolves at the first signal to stop; npm repeats it, and the second one changes nothing. */
const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const ownRelease = async (): Promise<string> =>
  JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')).version;

function welcome({ url, key, inbox }: Platform, { key: stated, examples }: Settings): string {
  const shown = stated === undefined ? key : '$MODELDROP_KEY';
  const call = examples
    ? `curl -s ${url}/v1/models/linear-regression:predict -H "Authorization: Bearer ${shown}" -d '{"instances":[[2],[3],[4],[5]]}'`
    : `curl -s ${url}/v1/models -H "Authorization: Bearer ${shown}"`;
  return [
    '',
    `  API    ${url}`,
    `  Inbox  ${inbox}  (a model file in <inbox>/<model>/ is served in a second)`,
    `  Key    ${stated === undefined ? key : 'yours, from MODELDROP_KEY'}`,
    `  Try    ${call}`,
    '',
    `modeldrop ready ${url}`,
  ].join('\n');
}

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENOSPC']);

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return 'the port is taken; stop what listens there, or set MODELDROP_PORT (0 takes any free one)';
  }
  if (UNWRITABLE.has(error.code ?? '')) {
    return `${error.message}; set MODELDROP_HOME to a folder that you may write`;
  }
  return error.message;
}
