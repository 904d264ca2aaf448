import { selectFrame } from '../../frame.ts';
import type { NativeModel } from '../../native.ts';
import { wilson } from '../../statistics/proportions.ts';
import { type Answers, answersOn, truthOn } from '../answers.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Primary } from '../evaluation.ts';
import { meanOf } from '../moments.ts';
import type { Problem } from '../problem.ts';
import { type Random, seededRandom } from '../random.ts';
import type { SearchResult } from '../search.ts';
import type { Table } from '../table.ts';
import { againstGuessing, type Guess } from './against-guessing.ts';
import { bootstrapIntervals, type Population } from './bootstrap.ts';
import { confusionOf, curvesOf, residualsOf } from './curves.ts';
import { importanceOf } from './importance.ts';
import { leaksIn } from './leaks.ts';
import type { AgainstGuessing, Interval, Leak, Report, ReportMetric } from './report.ts';
import { slicesOf } from './slices.ts';
import { weightedMetrics } from './weighted-metrics.ts';

/** What a training came to, as far as a report tells of it. */
export interface Finished {
  readonly table: Table;
  readonly problem: Problem;
  readonly model: NativeModel;
  readonly split: { readonly train: Int32Array; readonly test: Int32Array; readonly words: string };
  readonly evaluations: {
    readonly test: Evaluation & { readonly primary: Primary };
    readonly train: Evaluation;
    readonly baseline: Evaluation;
  };
  readonly facts: Readonly<Record<string, unknown>>;
  readonly search: SearchResult | undefined;
  readonly seed: number;
  /** Columns whose values are told apart. */
  readonly slices: readonly string[];
}

/** What is found at once, whoever asks: how sure the metrics are, whether guessing is beaten, and signs of leaks. */
export interface Findings {
  readonly answers: Answers;
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly baseline: AgainstGuessing;
  readonly leaks: readonly Leak[];
}

export function findingsOf({ problem, model, split, seed }: Finished): Findings {
  const random = seededRandom(seed);
  const answers = answersOn(model, problem, split.test);
  const population = populationOf(problem, split.test);
  return {
    answers,
    intervals: intervalsOf(answers, population, random),
    baseline: againstGuessing(answers, guessFrom(problem, split.train), population, random),
    leaks: leaksIn({
      features: problem.features,
      truth: problem.truth,
      sides: split,
      groups: problem.strata.groups,
      atRandom: problem.time === undefined,
    }),
  };
}

/** Everything that the test rows say of a model. Shuffling each of its columns may take as long as the fit. */
export function makeReport(finished: Finished, { answers, intervals, baseline, leaks }: Findings): Report {
  const { table, problem, model, split, evaluations, facts, search, seed, slices } = finished;
  const random = seededRandom(seed);
  const test = selectFrame(problem.features, split.test);
  const { losses } = facts;
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
    metrics: metricsOf(evaluations, intervals),
    baseline,
    slices: slicesOf(answers, selectFrame(table.frame, split.test), slices, random),
    leaks,
    importance: importanceOf(model, test, answers.truth, random),
    ...plotsOf(answers, problem),
    ...(search && { search: { metric: search.metric, folds: search.folds, trials: search.trials } }),
    ...(Array.isArray(losses) && { losses: losses as number[] }),
  };
}

/** Proportions by Wilson, all else by the bootstrap. */
export function intervalsOf(answers: Answers, population: Population, random: Random): Record<string, Interval> {
  const intervals = bootstrapIntervals(population, weightedMetrics(answers), random);
  if (answers.task === 'regression' || answers.truth.length === 0) return intervals;
  const { truth, predicted } = answers;
  const count = truth.reduce((hits, k, row) => hits + Number(k === predicted[row]), 0);
  return { accuracy: wilson({ count, of: truth.length }, 1.959963984540054), ...intervals };
}

function metricsOf({ test, train, baseline }: Finished['evaluations'], intervals: Findings['intervals']) {
  return Object.fromEntries(
    Object.entries(test.metrics).map(([name, value]): [string, ReportMetric] => [
      name,
      {
        test: value,
        train: train.metrics[name] ?? null,
        baseline: baseline.metrics[name] ?? null,
        ...(value !== null && intervals[name] && { interval: intervals[name] }),
        ...(value === null && { why: test.reasons[name] ?? 'it has no value' }),
      },
    ]),
  );
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

function plotsOf(answers: Answers, { truth }: Problem): Pick<Report, 'confusion' | 'curves' | 'residuals'> {
  if (answers.task === 'regression' || truth.task === 'regression')
    return answers.task === 'regression' ? { residuals: residualsOf(answers) } : {};
  const labels = truth.labels.values;
  return {
    confusion: confusionOf(answers.truth, answers.predicted, labels.length),
    ...(answers.probabilities && { curves: curvesOf(answers.truth, answers.probabilities, labels) }),
  };
}
