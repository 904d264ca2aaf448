import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ended, start } from './command.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'modeldrop-'));
});
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

it('runs the platform where its options say, until Ctrl-C, exit code 0', async () => {
  const child = start(['start', '--port', '0', '--home', home, '--no-examples'], {
    env: { MODELDROP_PORT: '1', MODELDROP_KEY: 'start-test-key' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ready = new Promise<string>((resolve) => {
    let printed = '';
    child.stdout.on('data', (text) => {
      printed += text;
      if (printed.includes('modeldrop ready')) resolve(printed);
    });
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  expect(await ready).toMatch(/^modeldrop ready http:\/\/127\.0\.0\.1:\d+$/m);
  child.kill('SIGINT');
  expect(await exited).toBe(0);
});

it('leaves the platform its own exit codes', async () => {
  const child = start(['start', '--port', '0', '--home', home], { env: { MODELDROP_KEY: 'short' } });
  const { code, stderr } = await ended(child);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^modeldrop: MODELDROP_KEY must be[^\n]+\n$/);
});
