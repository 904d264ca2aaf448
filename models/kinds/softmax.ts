/** 1 / (1 + e^-z), with full relative precision at both ends. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/**
 * Writes the softmax of `logits[start .. start + size)` to the same places of `out`; shifted by the largest, so that
 * no exponential overflows.
 * @returns position of the largest logit, the first of equals
 */
export function softmax(logits: Float64Array, start: number, size: number, out: Float64Array): number {
  let best = 0;
  for (let k = 1; k < size; k++) if ((logits[start + k] as number) > (logits[start + best] as number)) best = k;
  const largest = logits[start + best] as number;
  let sum = 0;
  for (let k = start; k < start + size; k++) {
    const e = Math.exp((logits[k] as number) - largest);
    out[k] = e;
    sum += e;
  }
  for (let k = start; k < start + size; k++) out[k] = (out[k] as number) / sum;
  return best;
}
