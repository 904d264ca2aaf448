/** Shapley values by their definition: every subset of the columns, those outside it at the values of `base`. */
export function shapley(f: (row: Float64Array) => number, x: Float64Array, base: Float64Array): number[] {
  const d = x.length;
  const worth = Array.from({ length: 2 ** d }, (_, set) =>
    f(Float64Array.from(x, (value, j) => ((set >> j) & 1 ? value : (base[j] as number)))),
  );
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const size = (set: number): number => [...set.toString(2)].filter((bit) => bit === '1').length;
  return Array.from(x, (_, j) => {
    let sum = 0;
    for (let set = 0; set < 2 ** d; set++) {
      if ((set >> j) & 1) continue;
      const weight = (factorial(size(set)) * factorial(d - size(set) - 1)) / factorial(d);
      sum += weight * ((worth[set | (1 << j)] as number) - (worth[set] as number));
    }
    return sum;
  });
}
