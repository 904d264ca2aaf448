/**
 * Quantile of the chi-square distribution: the x below which this share lies. By bisection of its distribution function,
 * the regularised lower incomplete gamma function P(degrees / 2, x / 2).
 * @param degrees a whole number from 1
 * @param share in (0, 1)
 */
export function chiSquareQuantile(degrees: number, share: number): number {
  let [low, high] = [0, Math.max(1, degrees)];
  while (chiSquareBelow(degrees, high) < share) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (chiSquareBelow(degrees, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz and Stegun, 6.5.29 below the middle; above it 1 - Q by the continued fraction 6.5.31, after Lentz. */
function chiSquareBelow(degrees: number, x: number): number {
  const [a, z] = [degrees / 2, x / 2];
  if (z <= 0) return 0;
  const scale = Math.exp(a * Math.log(z) - z - logGammaOfHalf(degrees));
  return z < a + 1 ? scale * series(a, z) : 1 - scale * fraction(a, z);
}

const [MOST_TERMS, SMALL, TINY] = [10_000, 1e-16, 1e-300];

function series(a: number, z: number): number {
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; n < MOST_TERMS && term > sum * SMALL; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

function fraction(a: number, z: number): number {
  let b = z + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let product = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / away(numerator * d + b);
    c = away(b + numerator / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < SMALL) break;
  }
  return product;
}

const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** ln of gamma(twice / 2), from gamma(1/2) or gamma(1) upwards. */
function logGammaOfHalf(twice: number): number {
  let log = twice % 2 === 1 ? Math.log(Math.PI) / 2 : 0;
  for (let half = twice % 2 === 1 ? 1 : 2; half < twice; half += 2) log += Math.log(half / 2);
  return log;
}
