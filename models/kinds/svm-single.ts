import { type Batch, rowCursor } from '../rows.ts';
import { fp64, type Tensor } from '../tensor.ts';
import type { Scorer } from './scorer.ts';
import type { SingleSvm } from './svm-machine.ts';
import { singleSum } from './svm-sums.ts';

/** Support vector regression: `predict` FP64 `[-1]`. */
export function regressor(svm: SingleSvm): Scorer {
  const decide = decisions(svm);
  return {
    outputs: [{ name: 'predict', datatype: 'FP64', shape: [-1] }],
    score: (rows) => new Map([['predict', fp64([rows.count], decide(rows))]]),
  };
}

/** One-class support vector machine: `predict` INT64, +1 where the decision is positive, otherwise -1. */
export function novelty(svm: SingleSvm): Scorer {
  const decide = decisions(svm);
  return {
    outputs: [
      { name: 'predict', datatype: 'INT64', shape: [-1] },
      { name: 'decision_function', datatype: 'FP64', shape: [-1] },
    ],
    score(rows) {
      const values = decide(rows);
      const inside = BigInt64Array.from(values, (value) => (value > 0 ? 1n : -1n));
      return new Map<string, Tensor>([
        ['predict', { datatype: 'INT64', shape: [rows.count], data: inside }],
        ['decision_function', fp64([rows.count], values)],
      ]);
    },
  };
}

function decisions(svm: SingleSvm): (rows: Batch) => Float64Array {
  const { rho } = svm;
  const { sums, measure } = singleSum(svm, svm.coefficients);
  return (rows) => {
    const out = new Float64Array(rows.count);
    const cursor = rowCursor(rows);
    for (let row = 0; row < rows.count; row++) {
      measure(cursor.values, cursor.at(row));
      out[row] = (sums[0] as number) - rho;
    }
    return out;
  };
}
