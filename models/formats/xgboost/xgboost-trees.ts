import { ModelFileRefused } from '../../errors.ts';
import type { Forest } from '../../kinds/trees/forest.ts';
import type { Tree } from './xgboost-schema.ts';

export interface WrittenTrees {
  readonly trees: readonly Tree[];
  /** The output of each tree. */
  readonly info: readonly number[];
  /** Features of the model, outputs of the model. */
  readonly width: number;
  readonly outputs: number;
  readonly where: string;
}

const LEAF = -1;
const CATEGORICAL = 1;

/**
 * XGBoost's trees as one forest, checked so that every row comes to a leaf.
 * @throws ModelFileRefused naming the tree and the node
 */
export function forestOf({ trees, info, width, outputs, where }: WrittenTrees): Forest {
  const size = trees.reduce((total, { left_children }) => total + left_children.length, 0);
  const forest = {
    roots: new Int32Array(trees.length),
    outputs: Int32Array.from({ length: trees.length }, (_, t) => info[t] ?? 0),
    columns: new Int32Array(size),
    values: new Float64Array(size),
    left: new Int32Array(size),
    right: new Int32Array(size),
    missingLeft: new Uint8Array(size),
    cover: new Float64Array(size),
    categories: new Map<number, ReadonlySet<number>>(),
    includes: false,
    single: true,
  };
  let start = 0;
  for (const [t, tree] of trees.entries()) {
    const place = `${where}.trees[${t}]`;
    checkTree(tree, width, place);
    if ((forest.outputs[t] as number) < 0 || (forest.outputs[t] as number) >= outputs)
      throw new ModelFileRefused({
        where: `${where}.tree_info[${t}]`,
        rule: `must be one of ${outputs} outputs`,
        found: info[t],
      });
    forest.roots[t] = start;
    for (let node = 0; node < tree.left_children.length; node++) copyNode(tree, node, forest, start);
    for (const [node, set] of categoriesOf(tree, place)) forest.categories.set(start + node, set);
    start += tree.left_children.length;
  }
  return forest;
}

function copyNode(tree: Tree, node: number, forest: Forest, start: number): void {
  const left = tree.left_children[node] as number;
  const isLeaf = left === LEAF;
  const at = start + node;
  forest.columns[at] = isLeaf ? LEAF : (tree.split_indices[node] as number);
  forest.values[at] = Math.fround(tree.split_conditions[node] ?? Number.NaN);
  forest.left[at] = start + left;
  forest.right[at] = start + (tree.right_children[node] as number);
  forest.missingLeft[at] = Number(tree.default_left[node]);
  forest.cover[at] = tree.sum_hessian[node] as number;
}

/** Children come after their one parent, so that every walk ends, and soon. */
function checkTree(tree: Tree, width: number, where: string): void {
  const size = tree.left_children.length;
  const refuse = (node: number, rule: string, found: unknown): never => {
    throw new ModelFileRefused({ where: `${where}, node ${node}`, rule, found });
  };
  if (size === 0) throw new ModelFileRefused({ where, rule: 'must have a node' });
  if (Number(tree.tree_param.size_leaf_vector ?? 0) > 1)
    throw new ModelFileRefused({
      where,
      rule: 'must have one number a leaf; train with multi_strategy="one_output_per_tree"',
    });
  for (const key of ['right_children', 'split_conditions', 'split_indices', 'default_left', 'sum_hessian'] as const) {
    if (tree[key].length !== size)
      throw new ModelFileRefused({
        where: `${where}.${key}`,
        rule: `must hold ${size} values, one a node`,
        found: tree[key].length,
      });
  }
  const seen = new Uint8Array(size);
  for (let node = 0; node < size; node++) {
    const [left, right] = [tree.left_children[node] as number, tree.right_children[node] as number];
    const isBare = left !== LEAF && tree.split_type?.[node] === CATEGORICAL;
    if (tree.split_conditions[node] === null && !isBare) refuse(node, 'must have a number', null);
    if (left === LEAF) continue;
    for (const child of [left, right]) {
      if (child <= node || child >= size) refuse(node, `must have children from ${node + 1} to ${size - 1}`, child);
      if (seen[child] === 1) refuse(node, 'must have children of its own', child);
      seen[child] = 1;
    }
    const column = tree.split_indices[node] as number;
    if (column < 0 || column >= width) refuse(node, `must split on one of ${width} features`, column);
  }
}

/** The categories that go right, by node. @throws ModelFileRefused */
function* categoriesOf(tree: Tree, where: string): Generator<[number, ReadonlySet<number>]> {
  const {
    categories = [],
    categories_nodes: nodes = [],
    categories_segments: starts = [],
    categories_sizes: sizes = [],
  } = tree;
  const known = new Set(nodes);
  const without = (tree.split_type ?? []).findIndex(
    (type, node) => type === CATEGORICAL && tree.left_children[node] !== LEAF && !known.has(node),
  );
  if (without !== -1)
    throw new ModelFileRefused({ where: `${where}, node ${without}`, rule: 'must state the categories of its split' });
  for (const [i, node] of nodes.entries()) {
    const [start, size] = [starts[i] ?? -1, sizes[i] ?? -1];
    if (start < 0 || size < 0 || start + size > categories.length || node < 0 || node >= tree.left_children.length)
      throw new ModelFileRefused({
        where: `${where}.categories_segments[${i}]`,
        rule: 'must lie within the categories',
        found: start,
      });
    yield [node, new Set(categories.slice(start, start + size))];
  }
}
