import { exponentials } from './exponential.ts';
import { logarithm } from './logarithm.ts';

/** Rows whose values of every class stay in the first cache. */
const CHUNK: usize = 128;

/**
 * The sum of weight times cross entropy over `count` rows of two classes, an even number, given the log-odds of class 1.
 * `classes` are 0 or 1. Leaves the probabilities of class 1, and weight (probability - class). One lane adds up the even
 * rows, the other the odd ones.
 */
export function binaryLosses(
  logits: usize,
  count: u32,
  classes: usize,
  weights: usize,
  probabilities: usize,
  residuals: usize,
): f64 {
  const one = f64x2.splat(1);
  const nothing = f64x2.splat(0);
  let sum = nothing;
  for (let left = <usize>count; left > 0; ) {
    const chunk = min(left, CHUNK);
    const bytes = chunk << 3;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(probabilities + at, f64x2.neg(f64x2.abs(v128.load(logits + at))));
    }
    exponentials(probabilities, <u32>chunk, 1);
    for (let at: usize = 0; at < bytes; at += 16) {
      const z = v128.load(logits + at);
      const e = v128.load(probabilities + at);
      const truth = v128.load(classes + at);
      const weight = v128.load(weights + at);
      const p = f64x2.div(v128.bitselect(one, e, f64x2.ge(z, nothing)), f64x2.add(one, e));
      v128.store(probabilities + at, p);
      v128.store(residuals + at, f64x2.mul(weight, f64x2.sub(p, truth)));
      const short = f64x2.sub(f64x2.pmax(nothing, z), v128.bitselect(z, nothing, f64x2.gt(truth, nothing)));
      sum = f64x2.add(sum, f64x2.mul(weight, f64x2.add(short, logarithm(e))));
    }
    logits += bytes;
    classes += bytes;
    weights += bytes;
    probabilities += bytes;
    residuals += bytes;
    left -= chunk;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * The same of `lines` classes by softmax. Logits, probabilities and residuals are `[lines][count]`; `classes` are positions
 * of lines. No exponential overflows: logits are taken less their largest.
 */
export function softmaxLosses(
  logits: usize,
  count: u32,
  lines: u32,
  classes: usize,
  weights: usize,
  probabilities: usize,
  residuals: usize,
): f64 {
  const line = (<usize>count) << 3;
  const all = (<usize>lines) * line;
  let sum = f64x2.splat(0);
  for (let left = <usize>count; left > 0; ) {
    const chunk = min(left, CHUNK);
    const bytes = chunk << 3;
    for (let at: usize = 0; at < bytes; at += 16) {
      let largest = v128.load(logits + at);
      for (let k = line; k < all; k += line) largest = f64x2.pmax(largest, v128.load(logits + at + k));
      for (let k: usize = 0; k < all; k += line) {
        v128.store(probabilities + at + k, f64x2.sub(v128.load(logits + at + k), largest));
      }
      v128.store(residuals + at, largest);
    }
    for (let k: usize = 0; k < all; k += line) exponentials(probabilities + k, <u32>chunk, 1);
    for (let at: usize = 0; at < bytes; at += 16) {
      sum = f64x2.add(
        sum,
        softmaxLoss(logits + at, line, all, v128.load(classes + at), v128.load(weights + at), probabilities + at, residuals + at),
      );
    }
    logits += bytes;
    classes += bytes;
    weights += bytes;
    probabilities += bytes;
    residuals += bytes;
    left -= chunk;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Of two rows, whose exponentials are in `probabilities` and whose largest logits are first in `residuals`. */
// @ts-ignore: decorator
@inline
function softmaxLoss(
  logits: usize,
  line: usize,
  all: usize,
  truth: v128,
  weight: v128,
  probabilities: usize,
  residuals: usize,
): v128 {
  const one = f64x2.splat(1);
  const largest = v128.load(residuals);
  let rest = f64x2.splat(-1);
  let own = f64x2.splat(0);
  let position = f64x2.splat(0);
  for (let k: usize = 0; k < all; k += line, position = f64x2.add(position, one)) {
    rest = f64x2.add(rest, v128.and(one, f64x2.eq(v128.load(logits + k), largest)));
    own = v128.bitselect(v128.load(logits + k), own, f64x2.eq(position, truth));
  }
  for (let k: usize = 0; k < all; k += line) {
    rest = f64x2.add(rest, v128.andnot(v128.load(probabilities + k), f64x2.eq(v128.load(logits + k), largest)));
  }
  const share = f64x2.div(one, f64x2.add(one, rest));
  position = f64x2.splat(0);
  for (let k: usize = 0; k < all; k += line, position = f64x2.add(position, one)) {
    const p = f64x2.mul(v128.load(probabilities + k), share);
    v128.store(probabilities + k, p);
    const target = v128.and(one, f64x2.eq(position, truth));
    v128.store(residuals + k, f64x2.mul(weight, f64x2.sub(p, target)));
  }
  return f64x2.mul(weight, f64x2.add(f64x2.sub(largest, own), logarithm(rest)));
}
