/** Variables whose best value is kept together. The place inside is found again in the best of them. */
const GROUP: usize = 256;
const TINY: f64 = 1e-12;

/**
 * slopes[t] += step * (left[t] - right[t]); then the lowest slopes[t] + barrier[t], with the first place where it is, to
 * result[0] and result[1]. `count` is a multiple of 16, `size` the bytes of a value of a column.
 */
export function descend(
  slopes: usize,
  left: usize,
  right: usize,
  step: f64,
  barrier: usize,
  count: u32,
  result: usize,
  size: u32,
): void {
  if (size === 8) descendBy<f64>(slopes, left, right, step, barrier, count, result);
  else descendBy<f32>(slopes, left, right, step, barrier, count, result);
}

function descendBy<T>(
  slopes: usize,
  left: usize,
  right: usize,
  step: f64,
  barrier: usize,
  count: u32,
  result: usize,
): void {
  const length = f64x2.splat(step);
  const end = slopes + ((<usize>count) << 3);
  let lowest: f64 = Infinity;
  let best = end;
  const shift = barrier - slopes;
  for (let group = slopes; group < end; group += GROUP << 3) {
    const last = min(end, group + (GROUP << 3));
    let a = f64x2.splat(Infinity);
    let b = a;
    for (let at = group; at < last; at += 32, left += 4 * sizeof<T>(), right += 4 * sizeof<T>()) {
      const x = moved<T>(at, left, right, length);
      const y = moved<T>(at + 16, left + 2 * sizeof<T>(), right + 2 * sizeof<T>(), length);
      v128.store(at, x);
      v128.store(at, y, 16);
      a = f64x2.pmin(a, f64x2.add(x, v128.load(at + shift)));
      b = f64x2.pmin(b, f64x2.add(y, v128.load(at + shift, 16)));
    }
    const both = f64x2.pmin(a, b);
    const value = min(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1));
    if (value < lowest) {
      lowest = value;
      best = group;
    }
  }
  let at = best;
  while (at < end && f64.load(at) + f64.load(at + shift) !== lowest) at += 8;
  f64.store(result, lowest);
  f64.store(result, <f64>((at - slopes) >> 3), 8);
}

// @ts-ignore: decorator
@inline
function moved<T>(at: usize, left: usize, right: usize, length: v128): v128 {
  const difference = f64x2.sub(widened<T>(left), widened<T>(right));
  return f64x2.add(v128.load(at), f64x2.mul(length, difference));
}

// @ts-ignore: decorator
@inline
function widened<T>(at: usize): v128 {
  if (sizeof<T>() === 8) return v128.load(at);
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/**
 * The greatest gain v^2 / c over v = slopes[t] + barrier[t] - lowest > 0 and c = own + diagonal[t] - 2 left[t], with the
 * first place where it is, and the highest slopes[t] + barrier[t]: to result[0], [1] and [2]. `count` is a multiple of 16,
 * `size` the bytes of a value of `left`.
 */
export function partner(
  slopes: usize,
  barrier: usize,
  lowest: f64,
  diagonal: usize,
  left: usize,
  own: f64,
  count: u32,
  result: usize,
  size: u32,
): void {
  if (size === 8) partnerBy<f64>(slopes, barrier, lowest, diagonal, left, own, count, result);
  else partnerBy<f32>(slopes, barrier, lowest, diagonal, left, own, count, result);
}

function partnerBy<T>(
  slopes: usize,
  barrier: usize,
  lowest: f64,
  diagonal: usize,
  left: usize,
  own: f64,
  count: u32,
  result: usize,
): void {
  const from = f64x2.splat(lowest);
  const self = f64x2.splat(own);
  const toBarrier = barrier - slopes;
  const toDiagonal = diagonal - slopes;
  const end = slopes + ((<usize>count) << 3);
  let highest = f64x2.splat(-Infinity);
  let greatest: f64 = 0;
  let best = end;
  let bestLeft = left;
  for (let group = slopes; group < end; group += GROUP << 3) {
    const last = min(end, group + (GROUP << 3));
    const start = left;
    let a = f64x2.splat(0);
    let b = a;
    for (let at = group; at < last; at += 32, left += 4 * sizeof<T>()) {
      const x = f64x2.add(v128.load(at), v128.load(at + toBarrier));
      const y = f64x2.add(v128.load(at, 16), v128.load(at + toBarrier, 16));
      highest = f64x2.pmax(f64x2.pmax(highest, x), y);
      a = f64x2.pmax(a, gain<T>(x, from, self, v128.load(at + toDiagonal), left));
      b = f64x2.pmax(b, gain<T>(y, from, self, v128.load(at + toDiagonal, 16), left + 2 * sizeof<T>()));
    }
    const both = f64x2.pmax(a, b);
    const value = max(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1));
    if (value > greatest) {
      greatest = value;
      best = group;
      bestLeft = start;
    }
  }
  let at = best;
  for (; at < end; at += 16, bestLeft += 2 * sizeof<T>()) {
    const x = f64x2.add(v128.load(at), v128.load(at + toBarrier));
    const gains = gain<T>(x, from, self, v128.load(at + toDiagonal), bestLeft);
    if (f64x2.extract_lane(gains, 0) === greatest) break;
    if (f64x2.extract_lane(gains, 1) === greatest) {
      at += 8;
      break;
    }
  }
  f64.store(result, greatest);
  f64.store(result, <f64>((at - slopes) >> 3), 8);
  f64.store(result, max(f64x2.extract_lane(highest, 0), f64x2.extract_lane(highest, 1)), 16);
}

// @ts-ignore: decorator
@inline
function gain<T>(slope: v128, from: v128, self: v128, diagonal: v128, left: usize): v128 {
  const violation = f64x2.pmax(f64x2.splat(0), f64x2.sub(slope, from));
  const value = widened<T>(left);
  const curvature = f64x2.sub(f64x2.add(self, diagonal), f64x2.add(value, value));
  return f64x2.div(f64x2.mul(violation, violation), f64x2.pmax(f64x2.splat(TINY), curvature));
}
