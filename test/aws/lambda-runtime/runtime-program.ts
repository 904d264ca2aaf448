import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let program: string | undefined;

/** The runtime client as plain JavaScript, so that no sandbox's start is charged for compiling it. */
export function runtimeProgram(): string {
  program ??= write(stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'runtime-client.ts'), 'utf8')));
  return program;
}

function write(code: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'lambda-runtime-')), 'runtime-client.mjs');
  writeFileSync(file, code);
  return file;
}
