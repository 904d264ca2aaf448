/** Probability of the positive side: 1 / (1 + exp(a f + b)). */
export interface Sigmoid {
  readonly a: number;
  readonly b: number;
}

const [ITERATIONS, SMALLEST_STEP, RIDGE, PRECISION] = [100, 1e-10, 1e-12, 1e-5];

/**
 * Platt's sigmoid by Newton's method with backtracking: Lin, Lin and Weng, "A note on Platt's probabilistic outputs for
 * support vector machines", Machine Learning 68 (2007).
 * @param decisions one a row, of a machine that has not seen the row
 * @param isPositive 1 for rows of the side that a positive decision speaks for
 */
export function fitSigmoid(decisions: Float64Array, isPositive: Uint8Array): Sigmoid {
  const positives = isPositive.reduce((sum, one) => sum + one, 0);
  const negatives = isPositive.length - positives;
  const targets = Float64Array.from(isPositive, (one) =>
    one ? (positives + 1) / (positives + 2) : 1 / (negatives + 2),
  );
  let [a, b] = [0, Math.log((negatives + 1) / (positives + 1))];
  let value = crossEntropy(decisions, targets, a, b);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { ga, gb, haa, hab, hbb } = derivatives(decisions, targets, a, b);
    if (Math.abs(ga) < PRECISION && Math.abs(gb) < PRECISION) break;
    const determinant = haa * hbb - hab * hab;
    const [da, db] = [-(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant];
    const slope = ga * da + gb * db;
    let step = 1;
    while (step >= SMALLEST_STEP) {
      const next = crossEntropy(decisions, targets, a + step * da, b + step * db);
      if (next < value + 1e-4 * step * slope) {
        [a, b, value] = [a + step * da, b + step * db, next];
        break;
      }
      step /= 2;
    }
    if (step < SMALLEST_STEP) break;
  }
  return { a, b };
}

/** Written so that neither exponential overflows. */
function crossEntropy(decisions: Float64Array, targets: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < decisions.length; i++) {
    const z = a * (decisions[i] as number) + b;
    const target = targets[i] as number;
    sum += z >= 0 ? target * z + Math.log1p(Math.exp(-z)) : (target - 1) * z + Math.log1p(Math.exp(z));
  }
  return sum;
}

function derivatives(decisions: Float64Array, targets: Float64Array, a: number, b: number) {
  let [ga, gb, haa, hab, hbb] = [0, 0, RIDGE, 0, RIDGE];
  for (let i = 0; i < decisions.length; i++) {
    const f = decisions[i] as number;
    const z = a * f + b;
    const p = z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
    const curvature = p * (1 - p);
    const slope = (targets[i] as number) - p;
    ga += f * slope;
    gb += slope;
    haa += f * f * curvature;
    hab += f * curvature;
    hbb += curvature;
  }
  return { ga, gb, haa, hab, hbb };
}
