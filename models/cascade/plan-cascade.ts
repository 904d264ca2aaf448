import type { Probabilities } from '../learning/metrics.ts';
import { atMost, type Share } from '../statistics/proportions.ts';
import { confidence, fitTemperature } from './temperature.ts';

/** What two classifiers answer to rows that neither of them has learned from. Classes are positions. */
export interface CascadeRows {
  readonly truth: Int32Array;
  readonly small: Probabilities;
  readonly large: Int32Array;
  /** The fold that each row was left out with. */
  readonly folds: Int32Array;
}

/** The small model answers rows of at least this confidence, the large one all others. */
export interface CascadeStep {
  readonly threshold: number;
  /** Rows that the small model answers, of all. */
  readonly kept: Share;
  readonly accuracy: number;
  /** Of the rows kept: the small model is wrong where the large one would be right. */
  readonly harmed: Share;
  /** The 95 % bound of that share by Clopper and Pearson. */
  readonly harmedAtMost: number;
}

export interface CascadePlan {
  readonly temperature: number;
  /** Of each model alone. */
  readonly accuracy: { readonly small: number; readonly large: number };
  /** From the fewest rows kept to all. */
  readonly steps: readonly CascadeStep[];
  /** The most rows kept at a bound that the caller puts up with; absent where there is none. */
  readonly chosen: CascadeStep | undefined;
}

const RISK = 0.05;

/**
 * At which confidence of the small model the large one need not be asked. Every row's confidence has the temperature that was
 * fitted without the row's fold.
 * @param most share of the rows kept that may be worse for not asking the large model
 */
export function planCascade(rows: CascadeRows, most: number): CascadePlan {
  const { truth, small, large } = rows;
  const scores = scoresOf(rows);
  const answered = Int32Array.from(truth, (_, row) => likeliest(small, row));
  const order = Array.from(truth.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const isRight = (answers: Int32Array, row: number): number => Number(answers[row] === truth[row]);
  const rightIn = (answers: Int32Array): number => truth.reduce((sum, _, row) => sum + isRight(answers, row), 0);
  const steps: CascadeStep[] = [];
  let [right, harmed] = [rightIn(large), 0];
  for (const [i, row] of order.entries()) {
    const [own, other] = [isRight(answered, row), isRight(large, row)];
    right += own - other;
    harmed += other * (1 - own);
    const [score, next] = [scores[row] as number, scores[order[i + 1] ?? -1]];
    // Rows of one confidence go the same way.
    if (score === next) continue;
    const kept = { count: i + 1, of: truth.length };
    const share = { count: harmed, of: i + 1 };
    steps.push({
      threshold: score,
      kept,
      accuracy: right / truth.length,
      harmed: share,
      harmedAtMost: atMost(share, RISK),
    });
  }
  return {
    temperature: fitTemperature(small, truth, Int32Array.from(truth.keys())),
    accuracy: { small: rightIn(answered) / truth.length, large: rightIn(large) / truth.length },
    steps,
    chosen: steps.findLast(({ harmedAtMost }) => harmedAtMost <= most),
  };
}

function scoresOf({ truth, small, folds }: CascadeRows): Float64Array {
  const scores = new Float64Array(truth.length);
  for (const fold of new Set(folds)) {
    const others = Int32Array.from(folds.keys()).filter((row) => folds[row] !== fold);
    const temperature = fitTemperature(small, truth, others);
    for (let row = 0; row < scores.length; row++)
      if (folds[row] === fold) scores[row] = confidence(small, row, temperature);
  }
  return scores;
}

/** The first of equals. */
function likeliest({ classes, values }: Probabilities, row: number): number {
  const own = values.subarray(row * classes, (row + 1) * classes);
  return own.indexOf(Math.max(...own));
}
