import { execFileSync } from 'node:child_process';

/** A python3 with scikit-learn: the program's first argument. */
export const python = process.argv[2] ?? '/usr/bin/python3';

/** What a script prints, as JSON. */
export function askPython(script: URL, ...args: readonly string[]): unknown {
  return JSON.parse(execFileSync(python, ['-B', script.pathname, ...args], { maxBuffer: 1 << 26 }).toString());
}
