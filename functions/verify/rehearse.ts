import { comparisonOf, type Difference, differencesOf } from '../../models/compare/differences.ts';
import { type Candidate, type Quality, qualityBeside, qualityOf } from '../../models/compare/quality.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import { tensorsOfFrame } from '../../models/frame-tensors.ts';
import { featuresIn } from '../../models/learning/assess.ts';
import { quantile } from '../../models/learning/preparing/present.ts';
import { type NativeModel, nativePredictor } from '../../models/native.ts';
import type { Predictor } from '../../models/predictor.ts';
import type { Latency, Rehearsal } from '../../models/rehearsal.ts';
import { plainRow } from '../../models/smoke.ts';
import type { Tensors } from '../../models/tensor.ts';
import { LABELLED_FILE } from '../http/inbox.ts';
import { inputsOf } from './golden.ts';
import { type Labelled, within } from './labelled.ts';
import type { ServingModel } from './serving-model.ts';

export interface RehearsalPorts {
  readonly serving: ServingModel | undefined;
  readonly labelled: Labelled | undefined;
}

/** Whoever called this function sets the deadline: it kills. */
const NEVER = new AbortController().signal;

/**
 * Asks a proved model what callers will: how long a row takes, what changes beside the serving version, and on labelled
 * rows whether it is as good.
 * @throws ModelFileRefused where it can't answer a plain row, or is shown to be worse than the serving version
 */
export async function rehearse(inspection: Inspection, { serving, labelled }: RehearsalPorts): Promise<Rehearsal> {
  const { content, model } = inspection;
  const predictor = nativePredictor(model);
  const row = plainRow(content.signature, content.baseline);
  const latency = await timed(predictor, row, content.baseline !== undefined);
  const quality = labelled && (await judged(model, labelled, serving));
  const inputs = [
    ...(latency ? [row] : []),
    ...content.examples.map(({ inputs: body }) => inputsOf(content, body)),
    ...(labelled ? [tensorsOfFrame(featuresIn(labelled.table, model), model)] : []),
  ];
  const against = serving && (await comparedWith(serving, inspection, inputs));
  return {
    ...(latency && { latency }),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    ...(against && { against }),
    ...(quality && { quality }),
  };
}

const [MOST_CALLS, LONG_ENOUGH_MS] = [200, 250];

/** @throws ModelFileRefused where the training means themselves are nothing that it can answer */
export async function timed(predictor: Predictor, row: Tensors, mustAnswer: boolean): Promise<Latency | undefined> {
  const times: number[] = [];
  const startedAt = performance.now();
  try {
    while (times.length < MOST_CALLS && performance.now() - startedAt < LONG_ENOUGH_MS) {
      const from = performance.now();
      await predictor.predict(row, NEVER);
      times.push(performance.now() - from);
    }
  } catch (error) {
    if (!(error instanceof ModeldropError)) throw error;
    if (!mustAnswer) return undefined;
    const rule = `must answer the means of its own training rows: ${error.message}`;
    throw new ModelFileRefused({ where: 'the model', rule });
  }
  const sorted = Float64Array.from(times).sort();
  return { p50: rounded(quantile(sorted, 0.5)), p99: rounded(quantile(sorted, 0.99)), calls: times.length };
}

const rounded = (milliseconds: number): number => Number(milliseconds.toPrecision(3));

/** What changes for callers: both versions on the same rows. */
async function comparedWith(
  serving: ServingModel,
  { model }: Inspection,
  inputs: readonly Tensors[],
): Promise<NonNullable<Rehearsal['against']>> {
  const { version } = serving;
  if ('why' in serving) return { version, why: serving.why };
  if (!takesTheSame(serving.model, model)) return { version, why: 'it takes other features' };
  const [before, after] = [nativePredictor(serving.model), nativePredictor(model)];
  const differences: Difference[] = [];
  try {
    for (const each of inputs) {
      const answers = [await before.predict(each, NEVER), await after.predict(each, NEVER)] as const;
      differences.push(...differencesOf(answered(serving.model, answers[0]), answered(model, answers[1])));
    }
  } catch (error) {
    if (!(error instanceof ModeldropError)) throw error;
    return { version, why: error.message };
  }
  return { version, ...comparisonOf(differences) };
}

const takesTheSame = (first: NativeModel, second: NativeModel): boolean =>
  JSON.stringify([first.features, first.types ?? {}]) === JSON.stringify([second.features, second.types ?? {}]);

const answered = ({ labels }: NativeModel, outputs: Tensors) => ({
  outputs,
  ...(labels && { labels: labels.values }),
});

/** @throws ModelFileRefused where the rows do not fit, or show that the model is worse than the serving version */
async function judged(
  model: NativeModel,
  { table, target }: Labelled,
  serving: ServingModel | undefined,
): Promise<Quality> {
  if (model.scorer.outputs.some(({ name, shape }) => name === 'predict' && shape.length > 1))
    throw new ModelFileRefused({ where: LABELLED_FILE, rule: 'can judge a model of one target only' });
  const own = await candidateOn(model, table);
  if (serving === undefined || 'why' in serving) return within(() => qualityOf(own, table, target));
  const other = await candidateOn(serving.model, table).catch((error) => {
    const why = (error as Error).message;
    throw new ModelFileRefused({
      where: LABELLED_FILE,
      rule: `must suit version ${serving.version}, which serves, as well: ${why}`,
    });
  });
  const quality = within(() => {
    if (isOfNumbers(model) !== isOfNumbers(serving.model)) return qualityOf(own, table, target);
    return qualityBeside(own, { ...other, version: serving.version }, table, target);
  });
  if (quality.serving?.isWorse)
    throw new ModelFileRefused({ where: LABELLED_FILE, rule: worseWords(quality, quality.serving) });
  return quality;
}

const isOfNumbers = ({ scorer }: NativeModel): boolean =>
  scorer.outputs.some(({ name, datatype }) => name === 'predict' && datatype.startsWith('FP'));

async function candidateOn(model: NativeModel, table: Labelled['table']): Promise<Candidate> {
  const inputs = within(() => tensorsOfFrame(featuresIn(table, model), model));
  return { outputs: await nativePredictor(model).predict(inputs, NEVER), labels: model.labels };
}

function worseWords(
  { metric, rows, value }: Quality,
  { version, value: before, gain, interval: [low, high] }: Against,
): string {
  const [by, least, most] = [-gain, -high, -low].map((number) => number.toPrecision(3));
  return (
    `shows that the model is worse than version ${version}, which serves: its ${metric} is ${value.toPrecision(4)} against ` +
    `${before.toPrecision(4)}, higher by ${by} (95 % interval ${least} to ${most}, ${rows} rows); mend the model, or drop it without ${LABELLED_FILE}`
  );
}

type Against = NonNullable<Quality['serving']>;
