import type { KernelLoops } from '../kernels.ts';

const number = new Float64Array(1);
const bits = new Int32Array(number.buffer);
const scale = new Float64Array(1);
const scaleBits = new Int32Array(scale.buffer);

/** exp(x) for x <= 0, step by step as models/kernels/assembly/exponential.ts has it. */
export function exponential(x: number): number {
  if (x < -708.3964185322641) return 0;
  const shifted = x * Math.LOG2E + 6755399441055744;
  const n = shifted - 6755399441055744;
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  let q = 2.510038549551032e-8;
  q = q * r + 2.7620088445409746e-7;
  q = q * r + 2.7557268459997064e-6;
  q = q * r + 2.4801521295954376e-5;
  q = q * r + 1.9841269863053618e-4;
  q = q * r + 1.3888888917213717e-3;
  q = q * r + 8.333333333330062e-3;
  q = q * r + 4.166666666662413e-2;
  q = q * r + 1.6666666666666669e-1;
  q = q * r + 5.000000000000001e-1;
  number[0] = shifted;
  scaleBits[1] = ((bits[0] as number) + 1023) << 20;
  return (1 + (r + r * r * q)) * (scale[0] as number);
}

/** The loop of models/kernels/assembly/exponential.ts. */
export const exponentialLoop = (memory: Float64Array): Pick<KernelLoops, 'exponentials'> => ({
  exponentials(values, count, rate) {
    const start = values / 8;
    for (let i = start; i < start + count; i++) memory[i] = exponential(rate * (memory[i] as number));
  },
});
