/** Categories, each by its number. */
export interface Categories {
  has(category: number): boolean;
}

/**
 * Trees as columns of nodes, all trees one after the other. A row goes left where the value is below the threshold (or at
 * it, by `includes`); where a value is missing, as the node says; at a categorical node right where its set holds the
 * category.
 */
export interface Forest {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** The output that each tree adds to. */
  readonly outputs: Int32Array;
  /** Column that a node asks for; -1 at a leaf. */
  readonly columns: Int32Array;
  /** Threshold of a split, value of a leaf. */
  readonly values: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** 1 where zero counts as missing too; nowhere, where absent. */
  readonly zeroIsMissing?: Uint8Array;
  /** Training rows (or their weight) that came to each node: what explanations weigh by. */
  readonly cover: Float64Array;
  /** By node, the categories that go right. */
  readonly categories: ReadonlyMap<number, Categories>;
  /** Whether a value at the threshold goes left. */
  readonly includes: boolean;
  /** Single precision, as XGBoost: values and sums are rounded to it. */
  readonly single: boolean;
}

/** The leaf that a row comes to, from the node `root`. A missing value is NaN. */
export function leafOf(forest: Forest, root: number, values: Float64Array, start: number): number {
  const { columns } = forest;
  let node = root;
  for (let column = columns[node] as number; column !== -1; column = columns[node] as number) {
    const value = values[start + column] as number;
    node = (goesLeft(forest, node, value) ? forest.left[node] : forest.right[node]) as number;
  }
  return node;
}

/** LightGBM takes what is this near to zero for zero, a constant in single precision. */
const LARGEST_ZERO = Math.fround(1e-35);

/** Where a value goes at a node that splits. */
export function goesLeft(
  { values, missingLeft, zeroIsMissing, categories, includes, single }: Forest,
  node: number,
  value: number,
): boolean {
  if (Number.isNaN(value)) return missingLeft[node] === 1;
  if (zeroIsMissing?.[node] === 1 && Math.abs(value) <= LARGEST_ZERO) return missingLeft[node] === 1;
  const set = categories.size > 0 ? categories.get(node) : undefined;
  if (set !== undefined) {
    const category = Math.trunc(value);
    // A category that was not there in training is in no set. XGBoost asks for the sign first, LightGBM cuts first.
    return (single ? value : category) < 0 ? missingLeft[node] === 1 : !set.has(category);
  }
  const threshold = values[node] as number;
  const rounded = single ? Math.fround(value) : value;
  return includes ? rounded <= threshold : rounded < threshold;
}

/**
 * The sums of the leaves that a row comes to, one an output, added to what `sums` holds already.
 * @param weights of each tree; 1 where absent
 */
export function addLeaves(
  forest: Forest,
  row: { readonly values: Float64Array; readonly start: number },
  sums: Float64Array,
  weights?: Float64Array,
): void {
  const { roots, outputs, values, single } = forest;
  for (let tree = 0; tree < roots.length; tree++) {
    const output = outputs[tree] as number;
    const leaf = values[leafOf(forest, roots[tree] as number, row.values, row.start)] as number;
    const sum = (sums[output] as number) + (weights ? leaf * (weights[tree] as number) : leaf);
    sums[output] = single ? Math.fround(sum) : sum;
  }
}
