import type { Frame } from '../../frame.ts';
import type { NativeModel } from '../../native.ts';
import { wilson } from '../../statistics/proportions.ts';
import { type Answers, pickAnswers } from '../answers.ts';
import { type Costs, costSteps } from '../costs.ts';
import type { Evaluation } from '../evaluate.ts';
import { type Random, seededRandom } from '../random.ts';
import { boundedIntervals, type Population } from './bootstrap.ts';
import { confusionOf, curvesOf, residualsOf } from './curves.ts';
import { importanceOf } from './importance.ts';
import type { Interval, Report, ReportMetric } from './report.ts';
import { slicesOf } from './slices.ts';
import { type WeightedMetric, weightedMetrics } from './weighted-metrics.ts';

/** Rows that a model was tested with, and how it answered. */
export interface Tested {
  /** Where it is one of ours: its columns are shuffled to see which matter. */
  readonly model?: NativeModel | undefined;
  /** The model's columns. */
  readonly features: Frame;
  /** Every column of the table, for slices. */
  readonly rows: Frame;
  readonly answers: Answers;
  readonly population: Population;
  readonly evaluation: Evaluation;
  /** Columns whose values are told apart. */
  readonly slices: readonly string[];
  /** By which thresholds are compared. */
  readonly costs?: Costs | undefined;
  /** Where the threshold comes from, in words. */
  readonly thresholdFrom?: string | undefined;
  readonly seed: number;
}

const Z = 1.959963984540054;

/** Proportions by Wilson, all else by the bootstrap; of every metric that has a value. */
export function intervalsOf(
  answers: Answers,
  { metrics }: Evaluation,
  population: Population,
  random: Random,
): Record<string, Interval> {
  const known = (rows: Int32Array | undefined): Record<string, WeightedMetric> => {
    const all = Object.entries(weightedMetrics(rows ? pickAnswers(answers, rows) : answers));
    return Object.fromEntries(all.filter(([name]) => (metrics[name] ?? null) !== null));
  };
  const intervals = boundedIntervals(population, known, random);
  if (answers.task === 'regression' || answers.truth.length === 0) return intervals;
  const { truth, predicted } = answers;
  const count = truth.reduce((hits, k, row) => hits + Number(k === predicted[row]), 0);
  return { accuracy: wilson({ count, of: truth.length }, Z), ...intervals };
}

/** What the page says first. */
export function warningsOf(answers: Answers): string[] {
  if (answers.task === 'regression') return [];
  const { truth, labels } = answers;
  const present = new Set(truth);
  const absent = labels.filter((_, k) => !present.has(k));
  if (absent.length === 0) return [];
  return [`the test rows hold none of ${absent.join(', ')}: how well that is recognised is not known`];
}

export function metricRows(
  test: Evaluation,
  intervals: Readonly<Record<string, Interval>>,
  beside: { readonly train?: Evaluation; readonly baseline?: Evaluation } = {},
): Record<string, ReportMetric> {
  return Object.fromEntries(
    Object.entries(test.metrics).map(([name, value]): [string, ReportMetric] => [
      name,
      {
        test: value,
        train: beside.train?.metrics[name] ?? null,
        baseline: beside.baseline?.metrics[name] ?? null,
        ...(intervals[name] && { interval: intervals[name] }),
        ...(value === null && { why: test.reasons[name] as string }),
      },
    ]),
  );
}

type Sections = Pick<
  Report,
  'slices' | 'importance' | 'importanceRows' | 'confusion' | 'curves' | 'residuals' | 'threshold'
>;

/** What takes a while: every column is shuffled. */
export function sectionsOf(tested: Tested): Sections {
  const { model, features, rows, answers, population, slices, seed } = tested;
  const random = seededRandom(seed);
  const { importance, count } = model
    ? importanceOf(model, features, answers.truth, random)
    : { importance: [], count: 0 };
  return {
    slices: slicesOf(answers, rows, slices, population, random),
    importance,
    importanceRows: count,
    ...plotsOf(answers),
    ...thresholdOf(tested),
  };
}

function plotsOf(answers: Answers): Pick<Report, 'confusion' | 'curves' | 'residuals'> {
  if (answers.task === 'regression') return { residuals: residualsOf(answers) };
  return {
    confusion: confusionOf(answers.truth, answers.predicted, answers.labels.length),
    ...(answers.probabilities && { curves: curvesOf(answers) }),
  };
}

const EQUAL: Costs = { falsePositive: 1, falseNegative: 1 };
const MOST_STEPS = 400;

function thresholdOf({ model, answers, costs = EQUAL, thresholdFrom }: Tested): Pick<Report, 'threshold'> {
  if (answers.task === 'regression' || answers.labels.length !== 2 || !answers.probabilities) return {};
  if (answers.truth.length === 0) return {};
  const { truth, probabilities, positive, labels } = answers;
  const steps = costSteps(truth, probabilities, positive, costs);
  const every = Math.ceil(steps.length / MOST_STEPS);
  return {
    threshold: {
      positive: labels[positive] as string | number,
      value: model?.threshold ?? 0.5,
      from:
        thresholdFrom ?? (model?.threshold === undefined ? 'the likelier class is answered' : 'stated in the model'),
      costs,
      curve: [
        [0, (steps[0] as { cost: number }).cost],
        ...steps
          .filter((_, i) => i % every === 0 || i === steps.length - 1)
          .map(({ to, cost }): [number, number] => [to, cost]),
      ],
    },
  };
}
