import type { Examples } from '../../examples.ts';
import type { Labels } from '../../labels.ts';
import { type Answers, truthOn } from '../answers.ts';
import { checkedSlices } from '../assess.ts';
import { evaluateAnswers, evaluateBaseline } from '../evaluation.ts';
import { type Findings, type Finished, findingsOf, makeReport } from '../report/make-report.ts';
import type { Report } from '../report/report.ts';
import type { Table } from '../table.ts';
import type { TrainResult } from '../train.ts';
import type { NetworkRecipe } from './network-recipe.ts';
import { floatRows, type NetworkProblem } from './pose-network.ts';

/** A network that was trained, and what its file answers. */
export interface NetworkFit {
  /** Probabilities or values of the rows of each side, one row after the other. */
  readonly outputs: { readonly train: Float32Array; readonly test: Float32Array };
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  readonly best: number;
  readonly parameters: number;
  readonly seconds: number;
}

export interface FinishedNetwork {
  readonly result: TrainResult;
  readonly findings: Findings;
  report(): Report;
}

/** All that the test rows say of a network. */
export function finishNetwork(
  table: Table,
  { problem, task, split }: NetworkProblem,
  { slice = [] }: NetworkRecipe,
  fit: NetworkFit,
): FinishedNetwork {
  const { truth } = problem;
  const labels = truth.task === 'classification' ? truth.labels : undefined;
  const answersTo = (side: 'train' | 'test') =>
    answersOf(fit.outputs[side], labels?.values, truthOn(truth, split[side]));
  const answers = answersTo('test');
  const evaluations = {
    test: evaluateAnswers(answers),
    train: evaluateAnswers(answersTo('train')),
    baseline: evaluateBaseline(problem, split.train, split.test, undefined),
  };
  const facts = {
    hyperparameters: { ...task },
    epochs: fit.losses.length,
    best: fit.best,
    parameters: fit.parameters,
    losses: fit.losses,
    validationLosses: fit.validationLosses,
  };
  const finished: Finished = {
    table,
    problem,
    answers,
    split,
    evaluations,
    facts,
    search: undefined,
    seed: task.seed,
    slices: checkedSlices(slice, table.frame),
    costs: undefined,
    thresholdFrom: undefined,
  };
  const findings = findingsOf(finished);
  return {
    result: {
      kind: task.kind,
      ...(labels && { classes: labels.values }),
      features: problem.features.columns.map(({ name }) => name),
      ...facts,
      metrics: evaluations.test.metrics,
      trainMetrics: evaluations.train.metrics,
      baselineMetrics: evaluations.baseline.metrics,
      reasons: evaluations.test.reasons,
      seconds: fit.seconds,
    },
    findings,
    report: () => ({ ...makeReport(finished, findings), kind: task.kind }),
  };
}

function answersOf(
  outputs: Float32Array,
  labels: Labels['values'] | undefined,
  truth: Float64Array | Int32Array,
): Answers {
  const values = Float64Array.from(outputs);
  if (labels === undefined) return { task: 'regression', truth: truth as Float64Array, predicted: values };
  const classes = labels.length;
  const predicted = Int32Array.from(truth, (_, row) => largest(values.subarray(row * classes, (row + 1) * classes)));
  const [positive, probabilities] = [1, { classes, values }];
  return { task: 'classification', truth: truth as Int32Array, predicted, labels, positive, probabilities };
}

/** The first of equals, as the file answers. */
const largest = (values: Float64Array): number => values.indexOf(Math.max(...values));

/** Rows that a verification sends again. */
const EXAMPLES = 5;

/** The first test rows. */
export const exampleRows = ({ problem, split }: NetworkProblem): Float32Array<ArrayBuffer> =>
  floatRows(problem.features, split.test.subarray(0, EXAMPLES));

/** Float sums of a network differ from one library to another by that much. */
const TOLERANCE = 1e-4;

/** What PyTorch answered to the example rows: whoever serves the file must answer the same. */
export function networkExamples(
  { problem, task }: NetworkProblem,
  rows: Float32Array,
  answers: Float32Array,
): Examples {
  const width = problem.features.columns.length;
  const lines = (values: Float32Array, size: number): number[][] =>
    Array.from({ length: values.length / size }, (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)));
  const outputs = task.classes > 0 ? { probabilities: lines(answers, task.classes) } : { value: Array.from(answers) };
  return [{ inputs: { instances: lines(rows, width) }, outputs, tolerance: TOLERANCE }];
}
