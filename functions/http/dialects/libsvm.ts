import { MalformedRequest, UnfitInput } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import type { TensorSpec } from '../../../models/signature.ts';
import { fp64 } from '../../../models/tensor.ts';
import { decodeUtf8 } from '../../../models/utf8.ts';
import type { Call } from '../call.ts';
import { PayloadTooLarge } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { encodePredictions } from './predictions.ts';

/** What sparse rows may become once they are dense. */
const MAX_DENSE_BYTES = 64 * 1024 * 1024;

const PAIR = /^(\d+):([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;

/** Sparse rows as LIBSVM text, `[label] index:value ...`, indices ascending from 1; what a row leaves out is 0. */
export function exchangeLibsvm(call: Call, manifest: Manifest): Exchange {
  if (manifest.types) {
    throw new UnfitInput({ where: 'body', rule: 'must not be LIBSVM rows: this model has features that are texts' });
  }
  if (manifest.onnx && manifest.onnx.layout !== 'matrix') {
    throw new UnfitInput({ where: 'body', rule: 'must not be LIBSVM rows: the inputs of this model are no rows' });
  }
  const [input] = manifest.signature.inputs as [TensorSpec, ...TensorSpec[]];
  const width = manifest.features.length;
  const lines = decodeUtf8(call.body(), 'body').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw new MalformedRequest({ where: 'body', rule: 'must hold at least one row' });
  if (lines.length * width * 8 > MAX_DENSE_BYTES) throw new PayloadTooLarge('request', MAX_DENSE_BYTES);
  const values = new Float64Array(lines.length * width);
  lines.forEach((line, row) => {
    fill(values, row * width, line, width, `line ${row + 1}`);
  });
  return {
    inputs: new Map([[input.name, fp64([lines.length, width], values)]]),
    encode: (outcome) => encodePredictions(outcome, manifest, false),
  };
}

function fill(values: Float64Array, at: number, line: string, width: number, where: string): void {
  const tokens = line.trim().split(/\s+/).filter(Boolean);
  const pairs = tokens[0]?.includes(':') ? tokens : tokens.slice(1);
  let last = 0;
  for (const token of pairs) {
    const [index, value] = readPair(token, where);
    if (index < 1 || index > width) {
      throw new UnfitInput({ where, rule: `must have indices from 1 to ${width}`, found: index });
    }
    if (index <= last)
      throw new MalformedRequest({ where, rule: `must have ascending indices after ${last}`, found: index });
    if (!Number.isFinite(value)) throw new UnfitInput({ where, rule: 'must have finite values', found: token });
    values[at + index - 1] = value;
    last = index;
  }
}

function readPair(token: string, where: string): [index: number, value: number] {
  const [, index, value] = PAIR.exec(token) ?? [];
  if (index === undefined) throw new MalformedRequest({ where, rule: 'must hold index:value pairs', found: token });
  return [Number(index), Number(value)];
}
