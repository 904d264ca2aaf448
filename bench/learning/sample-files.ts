import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from './samples.ts';

/** Writes a sample for programs of their own, in whatever language: the columns and the target last, row by row, and the shape. */
export async function writeSample(folder: string, name: string, { rows, targets }: Sample): Promise<void> {
  const { count, width, values } = rows;
  const data = new Float64Array(count * (width + 1));
  for (let i = 0; i < count; i++) {
    data.set(values.subarray(i * width, (i + 1) * width), i * (width + 1));
    data[i * (width + 1) + width] = targets[i] as number;
  }
  await writeFile(join(folder, `${name}.f64`), new Uint8Array(data.buffer));
  await writeFile(join(folder, `${name}.shape`), new Uint8Array(Int32Array.of(count, width + 1).buffer));
}

/** What `writeSample` has written. */
export async function readSample(folder: string, name: string): Promise<Sample> {
  const read = async (file: string): Promise<ArrayBuffer> => Uint8Array.from(await readFile(join(folder, file))).buffer;
  const [count = 0, columns = 0] = new Int32Array(await read(`${name}.shape`));
  const data = new Float64Array(await read(`${name}.f64`));
  const width = columns - 1;
  const values = new Float64Array(count * width);
  for (let i = 0; i < count; i++) values.set(data.subarray(i * columns, i * columns + width), i * width);
  return {
    rows: { count, width, values },
    targets: Float64Array.from({ length: count }, (_, i) => data[i * columns + width] as number),
  };
}
