import { BLOCK, type KernelLoops } from '../kernels.ts';

const { fround } = Math;

const [INVERSE_LN2, ROUNDER, LN2_HIGH, LN2_LOW, LEAST] = [
  Math.LOG2E,
  12582912,
  0.693359375,
  -2.1219444e-4,
  -87.33654,
].map(fround) as [number, number, number, number, number];
const [FIRST = 0, ...REST] = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
].map(fround);
const number = new Float32Array(1);
const bits = new Int32Array(number.buffer);

/** exp(x) for x <= 0 in float32, step by step as models/kernels/assembly/float-columns.ts has it. */
export function floatExponential(x: number): number {
  if (x < LEAST) return 0;
  const shifted = fround(fround(x * INVERSE_LN2) + ROUNDER);
  const n = fround(shifted - ROUNDER);
  const r = fround(fround(x - fround(n * LN2_HIGH)) - fround(n * LN2_LOW));
  let q = FIRST;
  for (let k = 0; k < REST.length; k++) q = fround(fround(q * r) + (REST[k] as number));
  const power = fround(1 + fround(r + fround(fround(r * r) * q)));
  number[0] = shifted;
  bits[0] = ((bits[0] as number) + 127) << 23;
  return fround(power * (number[0] as number));
}

function floatPower(base: number, degree: number): number {
  let [square, result] = [base, 1];
  for (let left = degree; left > 0; left >>= 1) {
    if (left & 1) result = fround(result * square);
    square = fround(square * square);
  }
  return result;
}

/** The loop of models/kernels/assembly/float-columns.ts. */
export function floatColumnLoop(memory: Float64Array, floats: Float32Array): Pick<KernelLoops, 'floatColumn'> {
  const distance = (row: number, at: number, width: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const difference = fround((floats[row + k] as number) - (floats[at + k * BLOCK] as number));
      sum = fround(sum + fround(difference * difference));
    }
    return sum;
  };
  const product = (row: number, at: number, width: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      sum = fround(sum + fround((floats[row + k] as number) * (floats[at + k * BLOCK] as number)));
    }
    return sum;
  };
  return {
    floatColumn(vector, vectors, blocks, width, kernel, scratch, out) {
      const [type = 0, ...numbers] = memory.subarray(kernel / 8, kernel / 8 + 4);
      const [gamma = 0, coef0 = 0, degree = 0] = numbers.map(fround);
      const row = scratch / 4;
      for (let k = 0; k < width; k++) floats[row + k] = floats[vector / 4 + k * BLOCK] as number;
      for (let i = 0; i < blocks * BLOCK; i++) {
        const at = vectors / 4 + (i - (i % BLOCK)) * width + (i % BLOCK);
        if (type === 1) {
          floats[out / 4 + i] = floatExponential(fround(-gamma * distance(row, at, width)));
          continue;
        }
        const value = product(row, at, width);
        floats[out / 4 + i] = type === 2 ? floatPower(fround(fround(gamma * value) + coef0), degree) : value;
      }
    },
  };
}
