#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What was compiled once starts in half the time. The folder belongs to the installation: a shared one could be poisoned.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/modeldrop'));
const { run } = await import('./run.ts');

for (const stream of [process.stdout, process.stderr]) {
  // Whoever reads has seen enough, as `head` does.
  stream.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? undefined : 1));
}

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interruption() {
    const controller = new AbortController();
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
});

// The local platform states its own.
process.exitCode ||= exitCode;
