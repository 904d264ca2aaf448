import { type Frame, selectFrame } from '../../frame.ts';
import type { NativeModel } from '../../native.ts';
import { type Answers, truthOn } from '../answers.ts';
import type { Costs } from '../costs.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Evaluated } from '../evaluation.ts';
import { meanOf } from '../moments.ts';
import type { Problem } from '../problem.ts';
import { seededRandom } from '../random.ts';
import type { SearchResult } from '../search.ts';
import type { Table } from '../table.ts';
import { againstGuessing, type Guess } from './against-guessing.ts';
import type { Population } from './bootstrap.ts';
import { leaksIn } from './leaks.ts';
import type { AgainstGuessing, Interval, Leak, Report } from './report.ts';
import { intervalsOf, metricRows, sectionsOf, warningsOf } from './sections.ts';

/** What a training came to, as far as a report tells of it. */
export interface Finished {
  readonly table: Table;
  readonly problem: Problem;
  /** Where it is one of ours: its columns are shuffled to see which matter. */
  readonly model?: NativeModel;
  /** On the test rows. */
  readonly answers: Answers;
  readonly split: {
    readonly train: Int32Array;
    readonly test: Int32Array;
    readonly words: string;
    readonly atRandom: boolean;
  };
  readonly evaluations: {
    readonly test: Evaluated;
    readonly train: Evaluation;
    readonly baseline: Evaluation;
  };
  readonly facts: Readonly<Record<string, unknown>>;
  readonly search: SearchResult | undefined;
  readonly seed: number;
  /** Columns whose values are told apart. */
  readonly slices: readonly string[];
  readonly costs: Costs | undefined;
  readonly thresholdFrom: string | undefined;
}

/** What is found at once, whoever asks: how sure the metrics are, whether guessing is beaten, and what looks wrong. */
export interface Findings {
  readonly answers: Answers;
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly baseline: AgainstGuessing;
  readonly leaks: readonly Leak[];
  /** What else a reader must know first. */
  readonly warnings: readonly string[];
}

export function findingsOf({ problem, answers, split, evaluations, seed }: Finished): Findings {
  const random = seededRandom(seed);
  const population = populationOf(problem, split.test);
  return {
    answers,
    intervals: intervalsOf(answers, evaluations.test, population, random),
    baseline: againstGuessing(answers, guessFrom(problem, split.train), population, random),
    leaks: leaksIn({
      features: problem.features,
      truth: problem.truth,
      sides: split,
      groups: problem.strata.groups,
      atRandom: split.atRandom,
    }),
    warnings: warningsOf(answers),
  };
}

/** Everything that the test rows say of a model. Shuffling each of its columns may take as long as the fit. */
export function makeReport(finished: Finished, findings: Findings): Report {
  const { table, problem, split, evaluations, facts, search, seed } = finished;
  const { intervals, baseline, leaks, warnings } = findings;
  const { losses } = facts;
  const at = (frame: Frame): Frame => selectFrame(frame, split.test);
  return {
    schema: 1,
    kind: problem.kind,
    task: problem.truth.task,
    target: problem.target,
    ...(problem.truth.task === 'classification' && { labels: problem.truth.labels.values }),
    data: { name: table.name, sha256: table.sha256, rows: table.frame.count },
    split: split.words,
    seed,
    rows: { train: split.train.length, test: split.test.length },
    hyperparameters: (facts.hyperparameters ?? {}) as Record<string, unknown>,
    primary: evaluations.test.primary.metric,
    metrics: metricRows(evaluations.test, intervals, evaluations),
    baseline,
    leaks,
    warnings,
    ...sectionsOf({
      ...finished,
      features: at(problem.features),
      rows: at(table.frame),
      population: populationOf(problem, split.test),
      evaluation: evaluations.test,
    }),
    ...(search && { search: { metric: search.metric, folds: search.folds, trials: search.trials } }),
    ...(Array.isArray(losses) && { losses: losses as number[] }),
  };
}

/** Where rows come in groups, whole groups are drawn. */
function populationOf({ strata: { groups } }: Problem, test: Int32Array): Population {
  if (groups === undefined) return { count: test.length };
  const numbers = new Map<unknown, number>();
  const of = Int32Array.from(test, (row) => {
    const value = groups.values[row];
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
  return { count: test.length, groups: of };
}

function guessFrom({ truth }: Problem, train: Int32Array): Guess {
  const known = truthOn(truth, train);
  if (truth.task === 'regression') return { mean: meanOf(known as Float64Array) };
  const priors = new Float64Array(truth.labels.values.length);
  for (const k of known) priors[k] = (priors[k] as number) + 1 / known.length;
  return { priors };
}
