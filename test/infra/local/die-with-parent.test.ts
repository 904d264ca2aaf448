import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { temporaryHome } from '../../journey/running-platform.ts';

const module = new URL('../../../infra/local/die-with-parent.ts', import.meta.url).pathname;

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/** A program that soon holds its thread for good, and was told that this process forked it. */
async function heldBy(parent: number): Promise<ReturnType<typeof spawn>> {
  const file = join(await temporaryHome(cleanups), 'held.mjs');
  await writeFile(
    file,
    `import { dieWithParent } from ${JSON.stringify(module)};
    dieWithParent();
    setTimeout(() => { process.stdout.write('held', () => { for (;;); }); }, 500);`,
  );
  const child = spawn(process.execPath, ['--no-warnings', file, String(parent)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  cleanups.push(async () => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

it('ends a process that computes without end, whose parent was gone before it looked', {
  timeout: 20_000,
}, async () => {
  const child = await heldBy(1);
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
});

it('lets it be while its parent lives', async () => {
  const child = await heldBy(process.pid);
  await sleep(2_500);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
});
