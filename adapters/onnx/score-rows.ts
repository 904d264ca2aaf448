import type { OpenSession } from './session.ts';

/** Rows a run: what every layer makes of them must fit into memory. */
const AT_ONCE = 256;

/** One matrix in single precision, `[rows][width]`, and what a model is to answer of it. */
export interface Scoring {
  readonly input: string;
  readonly rows: Float32Array<ArrayBuffer>;
  readonly width: number;
  /** An output of single precision. */
  readonly output: string;
}

/** An output for every row, one row after the other. @throws ModelFileRefused, RunFailed, the signal's reason */
export async function scoreRows(
  open: OpenSession,
  model: Uint8Array,
  { input, rows, width, output }: Scoring,
  signal: AbortSignal,
): Promise<Float32Array> {
  const session = await open(model);
  try {
    const parts: Float32Array[] = [];
    for (let at = 0; at < rows.length; at += AT_ONCE * width) {
      const data = rows.subarray(at, at + AT_ONCE * width);
      const tensor = { datatype: 'FP32', shape: [data.length / width, width], data } as const;
      parts.push((await session.run(new Map([[input, tensor]]), signal)).get(output)?.data as Float32Array);
    }
    return joined(parts);
  } finally {
    await session.close();
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
