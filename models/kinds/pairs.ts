/** Pairs of classes (i, j), i < j, in LIBSVM's order: 01, 02, ..., 12, ... */
export function pairsOf(classes: number): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < classes; i++) for (let j = i + 1; j < classes; j++) pairs.push([i, j]);
  return pairs;
}

export const pairCount = (classes: number): number => (classes * (classes - 1)) / 2;
