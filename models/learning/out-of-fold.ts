import type { Hyperparameters } from './algorithms.ts';
import { type Answers, answersOn } from './answers.ts';
import { fitPipeline } from './pipeline.ts';
import type { PreparationRecipe } from './preparing/preparation-recipe.ts';
import { foldsOf, type Problem } from './problem.ts';
import { seededRandom } from './random.ts';
import type { OnProgress } from './search.ts';

/** How training rows are answered by models that have not seen them. */
export interface Plan {
  readonly preparation: PreparationRecipe;
  readonly hyper: Hyperparameters;
  readonly folds: number;
  /** Folds are left out in turn until so many rows are answered. */
  readonly enough: number;
  readonly onProgress: OnProgress;
}

/**
 * Answers to training rows, each by a model that was fitted without its fold; and how many folds there were.
 * Undefined where the rows, or their groups, are too few to be parted.
 * @throws TrainingRefused where a fold can't be fitted
 */
export function outOfFold(
  problem: Problem,
  rows: Int32Array,
  { preparation, hyper, folds, enough, onProgress }: Plan,
): { readonly folds: number; readonly answers: Answers } | undefined {
  const parts = Math.min(folds, unitsIn(problem, rows));
  if (parts < 2) return undefined;
  const answered: Answers[] = [];
  let count = 0;
  for (const { train, test } of foldsOf(problem, rows, parts, seededRandom(hyper.seed))) {
    if (count >= enough) break;
    onProgress(`trying ${problem.kind} out of fold`, answered.length, parts);
    answered.push(answersOn(fitPipeline(problem, train, preparation, hyper).model, problem, test));
    count += test.length;
  }
  return { folds: parts, answers: joined(answered) };
}

/** What is dealt to folds: rows, or groups of them. */
function unitsIn({ strata: { groups } }: Problem, rows: Int32Array): number {
  return groups ? new Set(Array.from(rows, (row) => groups.values[row])).size : rows.length;
}

function joined(parts: readonly Answers[]): Answers {
  const first = parts[0] as Answers;
  if (first.task === 'regression') {
    const all = parts as readonly (typeof first)[];
    return {
      task: 'regression',
      truth: numbers(all.map((a) => a.truth)),
      predicted: numbers(all.map((a) => a.predicted)),
    };
  }
  const all = parts as readonly (typeof first)[];
  const values = all.flatMap(({ probabilities }) => (probabilities ? [probabilities.values] : []));
  return {
    ...first,
    truth: positions(all.map(({ truth }) => truth)),
    predicted: positions(all.map(({ predicted }) => predicted)),
    ...(first.probabilities && { probabilities: { classes: first.probabilities.classes, values: numbers(values) } }),
  };
}

const numbers = (parts: readonly Float64Array[]): Float64Array => Float64Array.from(parts.flatMap((part) => [...part]));
const positions = (parts: readonly Int32Array[]): Int32Array => Int32Array.from(parts.flatMap((part) => [...part]));
