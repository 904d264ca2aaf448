import { MalformedRequest, UnfitInput } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { INPUT } from '../../../models/native.ts';
import { fp64 } from '../../../models/tensor.ts';
import { decodeUtf8 } from '../../../models/utf8.ts';
import type { Call } from '../call.ts';
import { PayloadTooLarge } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { encodePredictions } from './predictions.ts';

/** What sparse rows may become once they are dense. */
const MAX_DENSE_BYTES = 64 * 1024 * 1024;

/** Sparse rows as LIBSVM text, `[label] index:value ...`, indices from 1; what a row leaves out is 0. */
export function exchangeLibsvm(call: Call, manifest: Manifest): Exchange {
  const width = manifest.features.length;
  const lines = decodeUtf8(call.body(), 'body').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length * width * 8 > MAX_DENSE_BYTES) throw new PayloadTooLarge('request', MAX_DENSE_BYTES);
  const values = new Float64Array(lines.length * width);
  lines.forEach((line, row) => {
    fill(values, row * width, line, width, `line ${row + 1}`);
  });
  return {
    inputs: new Map([[INPUT, fp64([lines.length, width], values)]]),
    encode: (outcome) => encodePredictions(outcome, manifest, false),
  };
}

function fill(values: Float64Array, at: number, line: string, width: number, where: string): void {
  const tokens = line.trim().split(/\s+/).filter(Boolean);
  const pairs = tokens[0]?.includes(':') ? tokens : tokens.slice(1);
  for (const token of pairs) {
    const [index, value, ...more] = token.split(':').map(Number);
    if (!Number.isInteger(index) || !Number.isFinite(value) || more.length > 0) {
      throw new MalformedRequest({ where, rule: 'must hold index:value pairs', found: token });
    }
    if ((index as number) < 1 || (index as number) > width) {
      throw new UnfitInput({ where, rule: `must have indices from 1 to ${width}`, found: index });
    }
    values[at + (index as number) - 1] = value as number;
  }
}
