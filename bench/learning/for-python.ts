import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from './samples.ts';

/** A python3 with scikit-learn: the program's first argument. */
export const python = process.argv[2] ?? '/usr/bin/python3';

/** Writes a sample as tables.py reads it: the columns and the target last, row by row, and the shape. */
export async function writeForPython(folder: string, name: string, { rows, targets }: Sample): Promise<void> {
  const { count, width, values } = rows;
  const data = new Float64Array(count * (width + 1));
  for (let i = 0; i < count; i++) {
    data.set(values.subarray(i * width, (i + 1) * width), i * (width + 1));
    data[i * (width + 1) + width] = targets[i] as number;
  }
  await writeFile(join(folder, `${name}.f64`), new Uint8Array(data.buffer));
  await writeFile(join(folder, `${name}.shape`), new Uint8Array(Int32Array.of(count, width + 1).buffer));
}

/** What a script of this folder prints, as JSON. */
export function askPython(script: string, ...args: readonly string[]): unknown {
  const path = new URL(script, import.meta.url).pathname;
  return JSON.parse(execFileSync(python, ['-B', path, ...args], { maxBuffer: 1 << 26 }).toString());
}
