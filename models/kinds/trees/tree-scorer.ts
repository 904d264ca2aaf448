import { rowCursor } from '../../rows.ts';
import { type ExplainedForest, treeShap } from '../explain/tree-shap.ts';
import type { Scorer } from '../scorer.ts';
import { addLeaves, type Forest } from './forest.ts';
import type { Objective } from './objective.ts';

/** Boosted or averaged trees, and what becomes of their sums. */
export interface TreeModel {
  readonly forest: Forest;
  /** Where each output's sum starts. */
  readonly base: Float64Array;
  /** Of each tree, where they are not all 1. */
  readonly weights?: Float64Array;
  readonly objective: Objective;
  /** Number of columns. */
  readonly width: number;
}

/** A margin with a class on either side is explained as one function a class. */
const functionsOf = (outputs: number, { isTwoSided }: Objective): ExplainedForest['functions'] =>
  isTwoSided
    ? [
        { output: 0, sign: -1 },
        { output: 0, sign: 1 },
      ]
    : Array.from({ length: outputs }, (_, output) => ({ output, sign: 1 as const }));

/** Sums the leaves that each row comes to. Missing values are NaN. */
export const treeScorer = ({ forest, base, weights, width, objective }: TreeModel): Scorer => ({
  outputs: objective.outputs,
  explaining: treeShap(
    { forest, base, ...(weights && { weights }), width, functions: functionsOf(base.length, objective) },
    objective.scale,
  ),
  score(rows) {
    const outputs = base.length;
    const margins = new Float64Array(rows.count * outputs);
    const cursor = rowCursor(rows);
    for (let row = 0; row < rows.count; row++) {
      const sums = margins.subarray(row * outputs, (row + 1) * outputs);
      sums.set(base);
      addLeaves(forest, { values: cursor.values, start: cursor.at(row) }, sums, weights);
    }
    return objective.answer(margins, rows.count);
  },
});
