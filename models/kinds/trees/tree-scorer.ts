import { rowCursor } from '../../rows.ts';
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
}

/** Sums the leaves that each row comes to. Missing values are NaN. */
export const treeScorer = ({ forest, base, weights, objective }: TreeModel): Scorer => ({
  outputs: objective.outputs,
  score(rows) {
    const width = base.length;
    const margins = new Float64Array(rows.count * width);
    const cursor = rowCursor(rows);
    for (let row = 0; row < rows.count; row++) {
      const sums = margins.subarray(row * width, (row + 1) * width);
      sums.set(base);
      addLeaves(forest, { values: cursor.values, start: cursor.at(row) }, sums, weights);
    }
    return objective.answer(margins, rows.count);
  },
});
