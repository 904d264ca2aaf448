import type { Frame } from '../frame.ts';
import type { Labels } from '../labels.ts';
import { truthIn } from '../learning/assess.ts';
import { seededRandom } from '../learning/random.ts';
import { type PairedLosses, pairedGain } from '../learning/report/paired-gain.ts';
import type { Interval } from '../learning/report/report.ts';
import { logLosses } from '../learning/report/weighted-metrics.ts';
import type { Tensor, Tensors } from '../tensor.ts';
import { tensorToJson } from '../tensor-json.ts';

/** What a version answered on labelled rows: numbers of one target, or labels. */
export interface Candidate {
  readonly outputs: Tensors;
  readonly labels?: Labels | undefined;
}

/** How good a version is on labelled rows, and beside the one that serves. */
export interface Quality {
  /** What is lower for the better one. */
  readonly metric: 'rmse' | 'log loss' | 'error rate';
  readonly rows: number;
  readonly value: number;
  readonly serving?: {
    readonly version: number;
    readonly value: number;
    /** How much lower the new one's is, with its 95 % interval; below 0 it is worse. */
    readonly gain: number;
    readonly interval: Interval;
    /** Whether the interval excludes 0 on the worse side. */
    readonly isWorse: boolean;
  };
  /** Why it is not known whether it is worse than the version that serves: then somebody has to release it. */
  readonly unheld?: { readonly version: number; readonly why: string };
}

/** Any: the same rows give the same verdict. */
const SEED = 42;

interface Losses {
  readonly metric: Quality['metric'];
  readonly values: Float64Array;
}

/** @throws TrainingRefused where the target is not in the table, or not in every row */
export function qualityOf(candidate: Candidate, table: Frame, target: string): Quality {
  const { metric, values } = lossesOf(candidate, truthOf(candidate, table, target), hasProbabilities(candidate));
  return { metric, rows: table.count, value: meanOf(metric, values) };
}

/**
 * The new version beside the serving one in the primary metric: log loss where both state probabilities, otherwise the
 * error rate; RMSE of numbers. Worse is what the paired bootstrap shows to be worse.
 * @throws TrainingRefused as `qualityOf`; RangeError where one answers numbers and the other labels
 */
export function qualityBeside(
  candidate: Candidate,
  serving: Candidate & { readonly version: number },
  table: Frame,
  target: string,
): Quality {
  if (answersNumbers(candidate) !== answersNumbers(serving))
    throw new RangeError('one answers numbers, the other one labels');
  const truth = truthOf(candidate, table, target);
  const byProbability = hasProbabilities(candidate) && hasProbabilities(serving);
  const [own, other] = [lossesOf(candidate, truth, byProbability), lossesOf(serving, truth, byProbability)];
  const { metric } = own;
  const losses: PairedLosses = { own: own.values, other: other.values, root: metric === 'rmse' };
  const gain = pairedGain(losses, { count: table.count }, seededRandom(SEED));
  // One row shows nothing.
  const { difference, interval = [difference, difference] as Interval } = gain;
  return {
    metric,
    rows: table.count,
    value: meanOf(metric, own.values),
    serving: {
      version: serving.version,
      value: meanOf(metric, other.values),
      gain: difference,
      interval,
      isWorse: gain.interval !== undefined && gain.interval[1] < 0,
    },
  };
}

const answersNumbers = ({ outputs }: Candidate): boolean =>
  (outputs.get('predict') as Tensor).datatype.startsWith('FP');

const hasProbabilities = ({ outputs, labels }: Candidate): boolean =>
  labels !== undefined && outputs.has('predict_proba');

function meanOf(metric: Quality['metric'], losses: Float64Array): number {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return metric === 'rmse' ? Math.sqrt(mean) : mean;
}

type Truth = Float64Array | readonly string[];

function truthOf(candidate: Candidate, table: Frame, target: string): Truth {
  const known = answersNumbers(candidate) ? undefined : table.columns.find(({ name }) => name === target);
  if (known === undefined) return truthIn(table, target, undefined) as Float64Array;
  return Array.from(known.values as ArrayLike<string | number | null>, String);
}

function lossesOf(candidate: Candidate, truth: Truth, byProbability: boolean): Losses {
  const { outputs, labels } = candidate;
  const predict = outputs.get('predict') as Tensor;
  if (answersNumbers(candidate)) {
    const predicted = predict.data as Float64Array;
    return {
      metric: 'rmse',
      values: Float64Array.from(truth as Float64Array, (value, row) => (value - (predicted[row] as number)) ** 2),
    };
  }
  const texts = truth as readonly string[];
  if (!byProbability || labels === undefined) {
    const answered = tensorToJson('predict', predict);
    return {
      metric: 'error rate',
      values: Float64Array.from(texts, (label, row) => Number(label !== String(answered[row]))),
    };
  }
  const positions = new Map(labels.values.map((label, k) => [String(label), k]));
  const known = Int32Array.from(texts, (label) => positions.get(label) ?? 0);
  const values = (outputs.get('predict_proba') as Tensor).data as Float64Array;
  const losses = logLosses(known, { classes: labels.values.length, values });
  // A label that a version does not know has the probability 0 there, clipped as any other.
  return {
    metric: 'log loss',
    values: losses.map((loss, row) => (positions.has(texts[row] as string) ? loss : UNKNOWN)),
  };
}

const UNKNOWN = -Math.log(Number.EPSILON);
