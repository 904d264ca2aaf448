import { UnfitInput } from '../../errors.ts';
import { type Forest, goesLeft, leafOf } from '../trees/forest.ts';
import type { Explained, Explaining } from './explainer.ts';

/** The columns on the way from the root to a node, and how much of all orderings passes it. */
interface Path {
  readonly columns: Int32Array;
  readonly zeros: Float64Array;
  readonly ones: Float64Array;
  readonly shares: Float64Array;
}

export interface ExplainedForest {
  readonly forest: Forest;
  readonly base: Float64Array;
  readonly weights?: Float64Array;
  readonly width: number;
  /** How many functions there are to explain, and which output of the forest, and which sign of it, each is. */
  readonly functions: readonly { readonly output: number; readonly sign: 1 | -1 }[];
}

/**
 * Path-dependent TreeSHAP: Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles"
 * (2018), algorithm 2. What a tree answers where a column is unknown is weighed by the training rows of its branches.
 */
export const treeShap =
  ({ forest, base, weights, width, functions }: ExplainedForest, scale: string): Explaining =>
  () => {
    const paths = pathsFor(forest);
    const expectations = Float64Array.from(forest.roots, (root) => expectationOf(forest, root));
    return {
      method: 'tree_shap',
      scale,
      targets: functions.length,
      work: (forest.columns.length * paths.length * paths.length) / functions.length,
      explain(values, start, target, into): Explained {
        const { output, sign } = functions[target] as ExplainedForest['functions'][number];
        into.fill(0, 0, width);
        let [empty, sum] = [base[output] as number, base[output] as number];
        for (let tree = 0; tree < forest.roots.length; tree++) {
          if (forest.outputs[tree] !== output) continue;
          const weight = weights?.[tree] ?? 1;
          empty += weight * (expectations[tree] as number);
          const root = forest.roots[tree] as number;
          sum += weight * (forest.values[leafOf(forest, root, values, start)] as number);
          walk({ forest, values, start, into, weight: sign * weight, paths }, root);
        }
        return { base: sign * empty, value: sign * sum };
      },
    };
  };

function expectationOf({ columns, values, left, right, cover }: Forest, node: number): number {
  if (columns[node] === -1) return values[node] as number;
  const [l, r] = [left[node] as number, right[node] as number];
  const forest = { columns, values, left, right, cover } as Forest;
  const [a, b] = [cover[l] as number, cover[r] as number];
  const share = a + b > 0 ? a / (a + b) : 0.5;
  return share * expectationOf(forest, l) + (1 - share) * expectationOf(forest, r);
}

/** Deeper than any tree that was grown from data; the memory for paths grows by its square. */
const DEEPEST = 1_000;

/** One path for each depth. @throws UnfitInput where the trees are too deep */
function pathsFor(forest: Forest): Path[] {
  const depths = new Int32Array(forest.columns.length);
  let deepest = 0;
  for (let node = 0; node < depths.length; node++) {
    if (forest.columns[node] === -1) continue;
    const below = (depths[node] as number) + 1;
    depths[forest.left[node] as number] = below;
    depths[forest.right[node] as number] = below;
    deepest = Math.max(deepest, below);
  }
  if (deepest > DEEPEST) {
    const rule = `are explained up to a depth of ${DEEPEST}`;
    throw new UnfitInput({ where: 'trees', rule, found: deepest });
  }
  return Array.from({ length: deepest + 2 }, (_, depth) => ({
    columns: new Int32Array(depth + 2),
    zeros: new Float64Array(depth + 2),
    ones: new Float64Array(depth + 2),
    shares: new Float64Array(depth + 2),
  }));
}

interface Walk {
  readonly forest: Forest;
  readonly values: Float64Array;
  readonly start: number;
  readonly into: Float64Array;
  readonly weight: number;
  readonly paths: readonly Path[];
}

/** Adds what each column contributes to one tree. */
function walk(context: Walk, root: number): void {
  const { forest, values, start, into, weight, paths } = context;

  const visit = (node: number, depth: number, length: number, zero: number, one: number, column: number): void => {
    // Nothing of the row and nothing of the training rows comes by here.
    if (zero === 0 && one === 0) return;
    const path = paths[depth] as Path;
    if (depth > 0) copy(paths[depth - 1] as Path, path, length);
    extend(path, length, zero, one, column);
    const split = forest.columns[node] as number;
    if (split === -1) {
      addLeaf(path, length, weight * (forest.values[node] as number));
      return;
    }
    const [l, r] = [forest.left[node] as number, forest.right[node] as number];
    const [hot, cold] = goesLeft(forest, node, values[start + split] as number) ? [l, r] : [r, l];
    let [incomingZero, incomingOne, kept] = [1, 1, length];
    const seen = indexOf(path, length, split);
    if (seen !== -1) {
      [incomingZero, incomingOne] = [path.zeros[seen] as number, path.ones[seen] as number];
      unwind(path, length, seen);
      kept -= 1;
    }
    const all = (forest.cover[l] as number) + (forest.cover[r] as number);
    const share = (child: number): number => (all > 0 ? (forest.cover[child] as number) / all : 0.5);
    visit(hot, depth + 1, kept + 1, incomingZero * share(hot), incomingOne, split);
    visit(cold, depth + 1, kept + 1, incomingZero * share(cold), 0, split);
  };

  const addLeaf = (path: Path, length: number, leaf: number): void => {
    for (let i = 1; i <= length; i++) {
      const share = unwoundSum(path, length, i) * ((path.ones[i] as number) - (path.zeros[i] as number));
      const column = path.columns[i] as number;
      into[column] = (into[column] as number) + share * leaf;
    }
  };

  visit(root, 0, 0, 1, 1, -1);
}

function copy(from: Path, to: Path, length: number): void {
  for (let i = 0; i < length; i++) {
    to.columns[i] = from.columns[i] as number;
    to.zeros[i] = from.zeros[i] as number;
    to.ones[i] = from.ones[i] as number;
    to.shares[i] = from.shares[i] as number;
  }
}

function indexOf({ columns }: Path, length: number, column: number): number {
  for (let i = 1; i <= length; i++) if (columns[i] === column) return i;
  return -1;
}

function extend(path: Path, length: number, zero: number, one: number, column: number): void {
  const { columns, zeros, ones, shares } = path;
  columns[length] = column;
  zeros[length] = zero;
  ones[length] = one;
  shares[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    shares[i + 1] = (shares[i + 1] as number) + (one * (shares[i] as number) * (i + 1)) / (length + 1);
    shares[i] = (zero * (shares[i] as number) * (length - i)) / (length + 1);
  }
}

function unwind(path: Path, length: number, at: number): void {
  const { columns, zeros, ones, shares } = path;
  const [one, zero] = [ones[at] as number, zeros[at] as number];
  let next = shares[length] as number;
  for (let i = length - 1; i >= 0; i--) {
    if (one !== 0) {
      const before = shares[i] as number;
      shares[i] = (next * (length + 1)) / ((i + 1) * one);
      next = before - ((shares[i] as number) * zero * (length - i)) / (length + 1);
    } else shares[i] = ((shares[i] as number) * (length + 1)) / (zero * (length - i));
  }
  for (let i = at; i < length; i++) {
    columns[i] = columns[i + 1] as number;
    zeros[i] = zeros[i + 1] as number;
    ones[i] = ones[i + 1] as number;
  }
}

function unwoundSum({ zeros, ones, shares }: Path, length: number, at: number): number {
  const [one, zero] = [ones[at] as number, zeros[at] as number];
  let next = shares[length] as number;
  let total = 0;
  for (let i = length - 1; i >= 0; i--) {
    if (one !== 0) {
      const share = (next * (length + 1)) / ((i + 1) * one);
      total += share;
      next = (shares[i] as number) - (share * zero * (length - i)) / (length + 1);
    } else total += (shares[i] as number) / ((zero * (length - i)) / (length + 1));
  }
  return total;
}
