import { ModelFileRefused } from '../errors.ts';
import { type Batch, rowCursor } from '../rows.ts';

/** K affine functions of one row: `weights[k * width + column]` and `intercept[k]`. */
export interface Affine {
  readonly width: number;
  readonly weights: Float64Array;
  readonly intercept: Float64Array;
}

/**
 * Packs coefficients [K][width] and intercept [K].
 * @throws ModelFileRefused where a coefficient row is not as long as the row of features, or an intercept is missing
 */
export function affine(coefficients: readonly number[][], intercept: readonly number[], shape: AffineShape): Affine {
  const { width, where } = shape;
  if (intercept.length !== coefficients.length) {
    throw new ModelFileRefused({
      where: `${where}.intercept`,
      rule: `must hold one number for each of the ${coefficients.length} rows of coefficients`,
      found: intercept,
    });
  }
  const misfit = coefficients.findIndex((row) => row.length !== width);
  if (misfit !== -1) {
    throw new ModelFileRefused({
      where: `${where}.coefficients[${misfit}]`,
      rule: `must hold ${width} numbers, one a feature`,
      found: coefficients[misfit],
    });
  }
  return { width, weights: Float64Array.from(coefficients.flat()), intercept: Float64Array.from(intercept) };
}

export interface AffineShape {
  readonly width: number;
  readonly where: string;
}

/** Every function of every row: `out[row * K + k]`. */
export function affineValues({ width, weights, intercept }: Affine, batch: Batch): Float64Array {
  const size = intercept.length;
  const out = new Float64Array(batch.count * size);
  const cursor = rowCursor(batch);
  const { values } = cursor;
  for (let row = 0; row < batch.count; row++) {
    const start = cursor.at(row);
    for (let k = 0, w = 0; k < size; k++) {
      let sum = intercept[k] as number;
      for (let column = 0; column < width; column++, w++) {
        sum += (weights[w] as number) * (values[start + column] as number);
      }
      out[row * size + k] = sum;
    }
  }
  return out;
}
