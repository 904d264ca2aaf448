/** Platt's sigmoids, one a pair of classes: the pair's first class has probability 1 / (1 + exp(a f + b)). */
export interface Platt {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Whether two classes are coupled as more are: so does scikit-learn, whose answers differ by where the loop stops. */
  readonly coupled?: boolean;
}

/** LIBSVM keeps pair probabilities this far from 0 and 1. */
export const CLIP = 1e-7;

/** So many sweeps at most, or one a class; and where they stop, divided by the classes. */
export const MOST_SWEEPS = 100;
export const STOP = 0.005;

/** LIBSVM's `sigmoid_predict`: 1 / (1 + exp(a f + b)) without overflow. */
export function pairProbability(f: number, a: number, b: number): number {
  const z = f * a + b;
  const probability = z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
  return Math.min(Math.max(probability, CLIP), 1 - CLIP);
}

/**
 * Couples pair probabilities to class probabilities, exactly as LIBSVM 3.24 does. Two classes have their pair's own,
 * unless they are to be coupled too.
 * For more its `multiclass_probability` stops early, and the answer is where it stops: the second method of Wu, Lin and
 * Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling" (2004).
 * @param r pair probabilities, `r[i * K + j]` of class i against j
 * @param p receives the K probabilities
 */
export function couple(r: Float64Array, p: Float64Array, coupled = false): void {
  const size = p.length;
  if (size === 2 && !coupled) {
    p.set(r.subarray(1, 3));
    return;
  }
  const Q = couplingMatrix(r, size);
  const Qp = new Float64Array(size);
  p.fill(1 / size);
  for (let sweep = 0; sweep < Math.max(MOST_SWEEPS, size); sweep++) {
    const pQp = multiply(Q, p, Qp);
    if (Qp.every((value) => Math.abs(value - pQp) < STOP / size)) return;
    sweepOnce(Q, p, Qp, pQp);
  }
}

function couplingMatrix(r: Float64Array, size: number): Float64Array {
  const Q = new Float64Array(size * size);
  for (let t = 0; t < size; t++) {
    for (let j = 0; j < size; j++) {
      if (j === t) continue;
      const back = r[j * size + t] as number;
      Q[t * size + t] = (Q[t * size + t] as number) + back * back;
      Q[t * size + j] = -back * (r[t * size + j] as number);
    }
  }
  return Q;
}

function multiply(Q: Float64Array, p: Float64Array, Qp: Float64Array): number {
  const size = p.length;
  let pQp = 0;
  for (let t = 0; t < size; t++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (Q[t * size + j] as number) * (p[j] as number);
    Qp[t] = sum;
    pQp += (p[t] as number) * sum;
  }
  return pQp;
}

function sweepOnce(Q: Float64Array, p: Float64Array, Qp: Float64Array, start: number): void {
  const size = p.length;
  let pQp = start;
  for (let t = 0; t < size; t++) {
    const diagonal = Q[t * size + t] as number;
    const step = (pQp - (Qp[t] as number)) / diagonal;
    p[t] = (p[t] as number) + step;
    pQp = (pQp + step * (step * diagonal + 2 * (Qp[t] as number))) / (1 + step) / (1 + step);
    for (let j = 0; j < size; j++) {
      Qp[j] = ((Qp[j] as number) + step * (Q[t * size + j] as number)) / (1 + step);
      p[j] = (p[j] as number) / (1 + step);
    }
  }
}
