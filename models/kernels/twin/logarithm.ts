const number = new Float64Array(1);
const bits = new Int32Array(number.buffer);

/** log(1 + x) for x >= 0, step by step as models/kernels/assembly/logarithm.ts has it. */
export function logarithm(x: number): number {
  number[0] = 1 + x;
  const isLarge = x >= 1;
  const k = ((bits[1] as number) >>> 20) - 1023;
  bits[1] = ((bits[1] as number) & 0xfffff) | 0x3ff00000;
  const m = number[0] as number;
  const t = isLarge ? (m - 1) / (m + 1) : x / (2 + x);
  const square = t * t;
  let q = 1 / 33;
  for (let divisor = 31; divisor > 0; divisor -= 2) q = q * square + 1 / divisor;
  const ofM = (t + t) * q;
  return (isLarge ? k * Math.LN2 : 0) + ofM;
}
