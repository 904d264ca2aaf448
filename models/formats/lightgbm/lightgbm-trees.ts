import { ModelFileRefused } from '../../errors.ts';
import type { Categories, Forest } from '../../kinds/trees/forest.ts';
import { Bitset } from './bitset.ts';
import type { LightgbmTree } from './lightgbm-text.ts';

export interface WrittenTrees {
  readonly trees: readonly LightgbmTree[];
  /** Trees of one iteration: one an output. */
  readonly outputs: number;
  /** For each feature of the file, the prepared column that holds it. */
  readonly columns: readonly number[];
}

const LEAF = -1;

/** The bits of `decision_type`, as LightGBM's tree.h has them. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const missingTypeOf = (decision: number): number => (decision >> 2) & 3;
const ZERO = 1;
const NAN = 2;

/**
 * LightGBM's trees as one forest: the splits of a tree first, then its leaves, which the file counts by -1, -2, ...
 * Checked so that every row comes to a leaf.
 * @throws ModelFileRefused naming the tree and the line
 */
export function forestOf({ trees, outputs, columns }: WrittenTrees): Forest {
  const leaves = trees.map((tree) => tree.count('num_leaves', 1));
  const size = leaves.reduce((total, count) => total + 2 * count - 1, 0);
  // Before anything of that size is asked for: each leaf is there.
  for (const [t, tree] of trees.entries()) checkLeaves(tree, leaves[t] as number);
  const forest = {
    roots: new Int32Array(trees.length),
    outputs: Int32Array.from({ length: trees.length }, (_, t) => t % outputs),
    columns: new Int32Array(size).fill(LEAF),
    values: new Float64Array(size),
    left: new Int32Array(size),
    right: new Int32Array(size),
    missingLeft: new Uint8Array(size),
    zeroIsMissing: new Uint8Array(size),
    cover: new Float64Array(size),
    categories: new Map<number, Categories>(),
    includes: true,
    single: false,
  };
  let start = 0;
  for (const [t, tree] of trees.entries()) {
    forest.roots[t] = start;
    const count = leaves[t] as number;
    addSplits(tree, { forest, start, splits: count - 1, columns });
    addLeaves(tree, { forest, from: start + count - 1, count });
    start += 2 * count - 1;
  }
  return forest;
}

function checkLeaves(tree: LightgbmTree, count: number): void {
  if (tree.words('is_linear')[0] === '1') {
    tree.refuse('is_linear', 'must be 0: linear trees are not served; train with linear_tree=false', '1');
  }
  // Releases before 2.2 wrote no value of a tree that never split, which adds nothing.
  if (count > 1 || tree.has('leaf_value')) tree.texts('leaf_value', count);
}

interface LeafPlace {
  readonly forest: Forest;
  readonly from: number;
  readonly count: number;
}

function addLeaves(tree: LightgbmTree, { forest, from, count }: LeafPlace): void {
  if (!tree.has('leaf_value')) return;
  forest.values.set(tree.numbers('leaf_value', count), from);
  if (tree.has('leaf_count')) forest.cover.set(tree.counts('leaf_count', count), from);
}

interface SplitPlace {
  readonly forest: Forest & { readonly categories: Map<number, Categories>; readonly zeroIsMissing: Uint8Array };
  readonly start: number;
  readonly splits: number;
  readonly columns: readonly number[];
}

function addSplits(tree: LightgbmTree, { forest, start, splits, columns }: SplitPlace): void {
  if (splits === 0) return;
  const features = tree.counts('split_feature', splits);
  const thresholds = tree.numbers('threshold', splits);
  const decisions = tree.counts('decision_type', splits);
  if (tree.has('internal_count')) forest.cover.set(tree.counts('internal_count', splits), start);
  const children = childrenOf(tree, splits);
  const sets = setsOf(tree);
  for (let node = 0; node < splits; node++) {
    const at = start + node;
    const column = columns[features[node] as number];
    if (column === undefined) {
      tree.refuse('split_feature', `must be one of ${columns.length} features`, features[node]);
    }
    forest.columns[at] = column;
    const [threshold, decision] = [thresholds[node] as number, decisions[node] as number];
    const [left, right] = [start + (children.left[node] as number), start + (children.right[node] as number)];
    if ((decision & CATEGORICAL) === 0) {
      forest.values[at] = threshold;
      forest.left[at] = left;
      forest.right[at] = right;
      forest.missingLeft[at] = Number(sendsMissingLeft(decision, threshold));
      forest.zeroIsMissing[at] = Number(missingTypeOf(decision) === ZERO);
      continue;
    }
    // A forest sends the categories of a set to the right, LightGBM to the left; all others, and what is missing, go together.
    forest.left[at] = right;
    forest.right[at] = left;
    forest.missingLeft[at] = 1;
    forest.categories.set(
      at,
      sets[threshold] ?? tree.refuse('threshold', `must be one of ${sets.length} sets`, threshold),
    );
  }
}

/** Where no value was missing in training, a missing one counts as 0. */
const sendsMissingLeft = (decision: number, threshold: number): boolean =>
  [ZERO, NAN].includes(missingTypeOf(decision)) ? (decision & DEFAULT_LEFT) !== 0 : threshold >= 0;

/** Positions in the tree: splits keep theirs, leaf -1 comes first behind them. Children come after their one parent. */
function childrenOf(tree: LightgbmTree, splits: number): Record<'left' | 'right', readonly number[]> {
  const seen = new Uint8Array(2 * splits + 1);
  const placed = (key: 'left_child' | 'right_child') =>
    tree.counts(key, splits, -splits - 1).map((child, node) => {
      const place = child < 0 ? splits + ~child : child;
      const follows = child < 0 || (child > node && child < splits);
      if (!follows) tree.refuse(key, `must lead from split ${node} to a leaf or a later split`, child);
      if (seen[place] === 1) tree.refuse(key, 'must lead to every leaf and split once', child);
      seen[place] = 1;
      return place;
    });
  return { left: placed('left_child'), right: placed('right_child') };
}

/** The categories of each categorical split: words of 32 bits from one boundary to the next. */
function setsOf(tree: LightgbmTree): readonly Bitset[] {
  const count = tree.has('num_cat') ? tree.count('num_cat', 0) : 0;
  if (count === 0) return [];
  const bounds = tree.counts('cat_boundaries', count + 1);
  const words = Uint32Array.from(tree.counts('cat_threshold', bounds.at(-1) as number));
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [bounds[k] as number, bounds[k + 1] as number];
    if (from > to) {
      throw new ModelFileRefused({ where: tree.placeOf('cat_boundaries'), rule: 'must ascend', found: to });
    }
    return new Bitset(words.subarray(from, to));
  });
}
