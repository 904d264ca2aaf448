import { comparisonOf, type Difference, differencesOf } from '../../models/compare/differences.ts';
import { type Quality, qualityBeside, qualityOf } from '../../models/compare/quality.ts';
import { ModeldropError, ModelFileRefused } from '../../models/errors.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import { quantile } from '../../models/learning/preparing/present.ts';
import type { Predictor } from '../../models/predictor.ts';
import type { Latency, Rehearsal } from '../../models/rehearsal.ts';
import { plainRow } from '../../models/smoke.ts';
import type { Tensor, Tensors } from '../../models/tensor.ts';
import { LABELLED_FILE } from '../http/inbox.ts';
import { type Answer, ask, type Contender, inputsOfTable } from './contender.ts';
import { inputsOf, speaksTensors } from './golden.ts';
import { type Labelled, within } from './labelled.ts';
import type { ServingModel } from './serving-model.ts';
import { smoke } from './smoke.ts';

export interface RehearsalPorts {
  readonly serving: ServingModel | undefined;
  readonly labelled: Labelled | undefined;
}

/** The version that is being proved. */
export type Newcomer = Contender & Pick<Inspection, 'content'>;

/** Whoever called this function sets the deadline: it kills. */
const NEVER = new AbortController().signal;

/**
 * Asks a proved model what callers will: how long a row takes, what changes beside the serving version, and on labelled
 * rows whether it is as good.
 * @throws ModelFileRefused where it can't answer a plain row, or is shown to be worse than the serving version; RunFailed
 */
export async function rehearse(newcomer: Newcomer, { serving, labelled }: RehearsalPorts): Promise<Rehearsal> {
  const { content, predictor } = newcomer;
  const { signature, baseline } = content;
  const row = content.onnx ? await smoke(signature, predictor) : plainRow(signature, baseline);
  const latency = await timed(predictor, row, baseline !== undefined);
  const quality = labelled && (await judged(newcomer, labelled, serving));
  const against = serving && (await comparedWith(serving, newcomer, { row: latency && row, labelled }));
  return {
    ...(latency && { latency }),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    ...(against && { against }),
    ...(quality && { quality }),
  };
}

const [MOST_CALLS, LONG_ENOUGH_MS] = [200, 250];

/** @throws ModelFileRefused where the training means themselves are nothing that it can answer */
async function timed(predictor: Predictor, row: Tensors, mustAnswer: boolean): Promise<Latency | undefined> {
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

interface Occasion {
  /** The row that the newcomer was timed with, where it answers it. */
  readonly row: Tensors | undefined;
  readonly labelled: Labelled | undefined;
}

/** What changes for callers: both versions on the same rows. */
async function comparedWith(
  serving: ServingModel,
  newcomer: Newcomer,
  occasion: Occasion,
): Promise<NonNullable<Rehearsal['against']>> {
  const { version } = serving;
  if ('why' in serving) return { version, why: serving.why };
  if (!takesTheSame(serving, newcomer)) return { version, why: 'it takes other features' };
  const differences: Difference[] = [];
  try {
    for (const inputs of questions(newcomer, occasion, hasSameInputs(serving, newcomer))) {
      const answers = [await ask(serving, inputs(serving)), await ask(newcomer, inputs(newcomer))] as const;
      differences.push(...differencesOf(answered(answers[0]), answered(answers[1])));
    }
  } catch (error) {
    // One of them has no answer, or they answered different numbers of rows.
    if (!(error instanceof ModeldropError || error instanceof RangeError)) throw error;
    return { version, why: error.message };
  }
  return { version, ...comparisonOf(differences) };
}

/** The same rows for any version. Tensors are only for one that takes the very same. */
function questions(
  { content }: Newcomer,
  { row, labelled }: Occasion,
  takesTensors: boolean,
): ((version: Contender) => Tensors)[] {
  const bodies = content.examples.map(({ inputs }) => inputs).filter((body) => takesTensors || !speaksTensors(body));
  return [
    ...(row && takesTensors ? [() => row] : []),
    ...bodies.map((body) => (version: Contender) => inputsOf(version.content, body)),
    ...(labelled ? [(version: Contender) => inputsOfTable(labelled, version.content)] : []),
  ];
}

const hasSameInputs = (first: Contender, second: Contender): boolean =>
  JSON.stringify(first.content.signature.inputs) === JSON.stringify(second.content.signature.inputs);

function takesTheSame(first: Contender, second: Contender): boolean {
  const [a, b] = [first.content, second.content];
  const areTensors = a.onnx?.layout === 'tensors' || b.onnx?.layout === 'tensors';
  if (areTensors) return hasSameInputs(first, second);
  return JSON.stringify([a.features, a.types ?? {}]) === JSON.stringify([b.features, b.types ?? {}]);
}

const answered = ({ outputs, labels }: Answer) => ({ outputs, ...(labels && { labels: labels.values }) });

/** @throws ModelFileRefused where the rows do not fit, or show that the model is worse than the serving version */
async function judged(newcomer: Newcomer, labelled: Labelled, serving: ServingModel | undefined): Promise<Quality> {
  const { table, target } = labelled;
  const own = await answerOn(newcomer, labelled);
  const alone = within(() => qualityOf(own, table, target));
  if (serving === undefined) return alone;
  const { version } = serving;
  if ('why' in serving) return { ...alone, unheld: { version, why: serving.why } };
  const other = await answerOn(serving, labelled).catch((error) => {
    const why = (error as Error).message;
    throw new ModelFileRefused({
      where: LABELLED_FILE,
      rule: `must suit version ${version}, which serves, as well: ${why}`,
    });
  });
  if (isOfNumbers(own) !== isOfNumbers(other)) {
    const [mine, its] = isOfNumbers(own) ? ['numbers', 'labels'] : ['labels', 'numbers'];
    return { ...alone, unheld: { version, why: `it answers ${its}, and this one ${mine}` } };
  }
  const quality = within(() => qualityBeside(own, { ...other, version }, table, target));
  if (quality.serving?.isWorse)
    throw new ModelFileRefused({ where: LABELLED_FILE, rule: worseWords(quality, quality.serving) });
  return quality;
}

const isOfNumbers = ({ outputs }: Answer): boolean => (outputs.get('predict') as Tensor).datatype.startsWith('FP');

/** @throws ModelFileRefused where no one answer a row can be told */
async function answerOn(version: Contender, labelled: Labelled): Promise<Answer> {
  const answer = await ask(
    version,
    within(() => inputsOfTable(labelled, version.content)),
  );
  const shape = answer.outputs.get('predict')?.shape;
  if (shape === undefined) {
    const rule = 'can judge a model with several outputs only where drop.json names them under "outputs"';
    throw new ModelFileRefused({ where: LABELLED_FILE, rule });
  }
  if (shape.slice(1).some((size) => size !== 1))
    throw new ModelFileRefused({ where: LABELLED_FILE, rule: 'can judge a model of one target only' });
  return answer;
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
