/** Dimensions of a tensor; -1 for one that depends on the input. */
export type Shape = readonly number[];

export const isKnown = (shape: Shape | undefined): shape is Shape => shape?.every((size) => size >= 0) ?? false;

export const count = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Both shapes stretched to one, as ONNX's elementwise operators do. Undefined where they do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let i = 0; i < rank; i++) {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1 && x !== -1 && y !== -1) return undefined;
    result.push(x === 1 ? y : y === 1 ? x : Math.max(x, y));
  }
  return result;
}

/** An axis counted from the end where it is negative. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
