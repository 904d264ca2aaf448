import { decimal } from '../decimal.ts';
import { ModelFileRefused } from '../errors.ts';

/** Support vectors as the file has them: `width` is the largest index, coefficients lie row by row. */
export interface WrittenVectors {
  readonly count: number;
  readonly width: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  /** `coefficients[row * count + vector]` */
  readonly coefficients: Float64Array;
}

/** Above every public data set with a kernel model; a lying index must not cost memory for its columns. */
export const MAX_INDEX = 2_000_000;

/**
 * Reads the lines below `SV`: the coefficients of a vector, then `index:value` pairs with ascending indices from 1.
 * @param coefficientRows coefficients a line
 * @throws ModelFileRefused naming the line
 */
export function readVectors(
  file: string,
  lines: readonly string[],
  from: number,
  coefficientRows: number,
): WrittenVectors {
  const columns: number[] = [];
  const values: number[] = [];
  const offsets = [0];
  const alphas: number[] = [];
  let width = 0;
  for (let index = from; index < lines.length; index++) {
    const words = (lines[index] as string).trim().split(/[ \t]+/);
    if (words[0] === '') continue;
    const where = `${file} line ${index + 1}`;
    for (let i = 0; i < coefficientRows; i++) alphas.push(coefficient(words[i], coefficientRows, where));
    let last = 0;
    for (let i = coefficientRows; i < words.length; i++) {
      const word = words[i] as string;
      last = ascendingIndex(word, last, where);
      columns.push(last - 1);
      values.push(finiteValue(word, where));
    }
    width = Math.max(width, last);
    offsets.push(values.length);
  }
  return {
    count: offsets.length - 1,
    width,
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    coefficients: transpose(alphas, coefficientRows),
  };
}

function coefficient(word: string | undefined, expected: number, where: string): number {
  const value = decimal(word ?? '');
  if (Number.isFinite(value)) return value;
  const rule = `must begin with ${expected} finite ${expected === 1 ? 'coefficient' : 'coefficients'}`;
  throw new ModelFileRefused({ where, rule, found: word });
}

function ascendingIndex(word: string, last: number, where: string): number {
  const index = decimal(word.slice(0, Math.max(0, word.indexOf(':'))));
  if (!Number.isInteger(index) || index < 1 || index > MAX_INDEX) {
    throw new ModelFileRefused({
      where,
      rule: `must hold pairs index:value, index from 1 to ${MAX_INDEX}`,
      found: word,
    });
  }
  if (index <= last)
    throw new ModelFileRefused({ where, rule: `must have ascending indices after ${last}`, found: word });
  return index;
}

function finiteValue(word: string, where: string): number {
  const value = decimal(word.slice(word.indexOf(':') + 1));
  if (Number.isFinite(value)) return value;
  throw new ModelFileRefused({ where, rule: 'must hold finite values', found: word });
}

function transpose(perVector: readonly number[], rows: number): Float64Array {
  const count = perVector.length / rows;
  const out = new Float64Array(perVector.length);
  for (let vector = 0, at = 0; vector < count; vector++) {
    for (let row = 0; row < rows; row++) out[row * count + vector] = perVector[at++] as number;
  }
  return out;
}
