import { type Design, seen, sumRows } from './design.ts';

/**
 * How far the objective of logistic regression is from its optimum at most: the distance to a point of the dual, made of the
 * probabilities p of each row. A point q of the dual must leave the intercepts without slope, sum c_i (q_i - y_i) = 0: so p is
 * mixed with a constant u just enough, q = (1 - e) p + e u. With V = sum c_i (q_i - y_i) x_i, c = C s and H the entropy, every
 * objective is at least
 *   l2: sum c_i H(q_i) - |V|^2 / 2        l1: sum c_i H(y_i + s (q_i - y_i)), s = min(1, 1 / max |V|)
 * and H is concave: H(q_i) >= (1 - e) H(p_i) + e H(u), where sum c_i H(p_i) = loss - parameters . slopes of the loss. Boyd and
 * Vandenberghe, "Convex Optimization", section 5.2; Kim et al., IEEE JSTSP 1 (2007).
 */
export interface Totals {
  /** sum c_i y_ik x_i, `[classCount][stride]`; of the intercept's column, sum c_i y_ik. */
  readonly ofClasses: Float64Array;
  /** sum c_i x_i. */
  readonly ofAll: Float64Array;
}

/** Leaves residuals spoiled. */
export function totalsOf(design: Design): Totals {
  const { stride, vectors } = design;
  const ofClasses = new Float64Array(Math.max(2, vectors) * stride);
  if (vectors > 1) ofClasses.set(sumsOfClasses(design, 0));
  else for (const k of [0, 1]) ofClasses.set(sumsOfClasses(design, k), k * stride);
  const ofAll = new Float64Array(stride);
  for (let at = 0; at < ofClasses.length; at++) {
    ofAll[at % stride] = (ofAll[at % stride] as number) + (ofClasses[at] as number);
  }
  return { ofClasses, ofAll };
}

/** sum c_i x_i over the rows of each of `vectors` classes from the first. */
function sumsOfClasses(design: Design, first: number): Float64Array {
  const { held, vectors, count } = design;
  const residuals = seen(design, 'residuals', vectors * count).fill(0);
  const [classes, counts] = [seen(design, 'classes', held), seen(design, 'counts', held)];
  for (let row = 0; row < held; row++) {
    const k = (classes[row] as number) - first;
    if (k >= 0 && k < vectors) residuals[k * count + row] = counts[row] as number;
  }
  return sumRows(design, 'residuals');
}

/** A point of the primal, and the slopes of its loss, without those of the penalty. */
export interface Point {
  readonly theta: Float64Array;
  readonly loss: number;
  readonly slopes: Float64Array;
}

/** (primal - dual) of the l2 objective, which is |w + V|^2 / 2 and what the intercepts cost. */
export function ridgeGap(design: Design, totals: Totals, { theta, loss, slopes }: Point): number {
  const { width, stride } = design;
  const dual = feasible(design, totals, slopes);
  let [squares, mixed, fit] = [0, 0, loss];
  for (let at = 0; at < theta.length; at++) {
    const [w, slope] = [theta[at] as number, slopes[at] as number];
    fit -= w * slope;
    if (at % stride >= width) {
      mixed += at % stride === width ? w * slope : 0;
      continue;
    }
    const move = (dual.constant(at) - slope) * dual.share;
    squares += (w + slope + move) ** 2;
    mixed -= w * move;
  }
  return Math.max(0, squares / 2 + mixed + dual.share * (fit - dual.entropy));
}

/** (primal - dual) of the l1 objective. */
export function lassoGap(design: Design, totals: Totals, { theta, loss, slopes }: Point): number {
  const { width, stride } = design;
  const dual = feasible(design, totals, slopes);
  let [primal, fit, steepest] = [0, loss, 1];
  for (let at = 0; at < theta.length; at++) {
    const [w, slope] = [theta[at] as number, slopes[at] as number];
    fit -= w * slope;
    primal += w * slope;
    if (at % stride >= width) continue;
    primal += Math.abs(w);
    steepest = Math.max(steepest, Math.abs(slope + (dual.constant(at) - slope) * dual.share));
  }
  const scale = 1 / steepest;
  return Math.max(0, primal + fit * (1 - scale * (1 - dual.share)) - scale * dual.share * dual.entropy);
}

/** The mixture that leaves intercepts without slope. */
interface Mixture {
  /** e. */
  readonly share: number;
  /** sum c_i H(u). */
  readonly entropy: number;
  /** V of q = u, by its place among the parameters. */
  constant(at: number): number;
}

function feasible(design: Design, { ofClasses, ofAll }: Totals, slopes: Float64Array): Mixture {
  const { width, stride, vectors } = design;
  const total = ofAll[width] as number;
  const classCount = ofClasses.length / stride;
  const first = classCount - vectors;
  /** What class k lacks of its rows. */
  const missing = new Float64Array(classCount);
  for (let k = 0; k < vectors; k++) missing[first + k] = -(slopes[k * stride + width] as number);
  if (first === 1) missing[0] = -(missing[1] as number);
  const held = missing.map((lack, k) => (ofClasses[k * stride + width] as number) - lack);
  const share = Math.min(
    1,
    Math.max(0, ...missing.map((lack, k) => -lack / Math.max(held[k] as number, Number.MIN_VALUE))),
  );
  if (share === 0) return { share, entropy: 0, constant: () => 0 };
  const u = missing.map((lack, k) => (lack / share + (held[k] as number)) / total);
  const entropy = total * u.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
  return {
    share,
    entropy,
    constant(at) {
      const [k, column] = [first + Math.floor(at / stride), at % stride];
      return (u[k] as number) * (ofAll[column] as number) - (ofClasses[k * stride + column] as number);
    },
  };
}
