import type { Baseline } from './baseline.ts';
import type { Card, Metrics } from './card.ts';
import { UnfitInput } from './errors.ts';
import type { Examples } from './examples.ts';
import { type Explanation, explainRows, type Original, type Wanted } from './explanation.ts';
import type { Types } from './features.ts';
import type { Column, Frame } from './frame.ts';
import type { KindName } from './kinds/kinds.ts';
import type { Scorer } from './kinds/scorer.ts';
import type { Labels } from './labels.ts';
import type { Predictor } from './predictor.ts';
import type { Preparation, PreparationPlan } from './preparation/preparation.ts';
import type { Residuals } from './residuals.ts';
import type { Rows } from './rows.ts';
import { conform, type Signature } from './signature.ts';
import { rowCount, type Tensor, type Tensors } from './tensor.ts';

/** Trees come from files of their own, never from model.json. */
export type NativeKind = KindName | 'trees';

/** A model that this house scores itself, as its format's reader found it. */
export interface NativeModel {
  readonly kind: NativeKind;
  readonly features: readonly string[];
  /** Features that are texts. */
  readonly types?: Types;
  readonly labels?: Labels;
  readonly preparation: Preparation;
  readonly plan: PreparationPlan;
  readonly scorer: Scorer;
  readonly baseline?: Baseline;
  /** Of two labels the one that is looked for. */
  readonly positive?: string | number;
  /** Where `predict` follows the positive label's probability; the scorer does. */
  readonly threshold?: number;
  /** Of training rows out of fold, for prediction intervals. */
  readonly residuals?: Residuals;
  /** Of the prepared training rows: what explanations are held against. */
  readonly means?: Float64Array;
  readonly metrics?: Metrics;
  readonly card?: Card;
  /** Golden examples that came inside the file. */
  readonly examples?: Examples;
}

/** The one input of an all-numeric model. */
export const INPUT = 'input';

/** One tensor for all features where all are numbers, otherwise one a feature. */
export const signatureOf = ({ features, types, scorer }: NativeModel): Signature => ({
  inputs: types
    ? features.map((name) => ({ name, datatype: Object.hasOwn(types, name) ? 'BYTES' : 'FP64', shape: [-1] }))
    : [{ name: INPUT, datatype: 'FP64', shape: [-1, features.length] }],
  outputs: [...scorer.outputs],
});

export function nativePredictor(model: NativeModel): Predictor {
  const signature = signatureOf(model);
  const prepare = model.types ? prepareFrame(model) : prepareRows(model);
  return {
    signature,
    async predict(inputs, signal) {
      signal.throwIfAborted();
      const rows = prepare(conform(signature, inputs));
      const outputs = model.scorer.score(rows);
      checkDecided(outputs, rows.count);
      return outputs;
    },
    async explain(inputs, wanted, signal) {
      return explainModel(model, inputs, wanted, signal);
    },
    async close() {},
  };
}

/** How each row's answer comes about. @throws UnfitInput */
export function explainModel(
  model: NativeModel,
  inputs: Tensors,
  wanted: Wanted,
  signal: AbortSignal,
): Explanation[][] {
  const conformed = conform(signatureOf(model), inputs);
  const rows = (model.types ? prepareFrame(model) : prepareRows(model))(conformed);
  return explainRows(model, rows, wanted, valuesOf(model, conformed), signal);
}

/** What a row was before preparation. A missing value is null. */
function valuesOf({ features, types }: NativeModel, inputs: Tensors): Original {
  if (types) {
    const { columns } = frameOf(inputs, features);
    return (row, k) => presentOf(columns[k]?.values[row] as number | string | null);
  }
  const { values, width } = rowsOf(inputs, features.length);
  return (row, k) => presentOf(values[row * width + k] as number);
}

const presentOf = (value: number | string | null): number | string | null => (Number.isNaN(value) ? null : value);

const prepareRows =
  ({ features, plan }: NativeModel) =>
  (inputs: Tensors): Rows => {
    const rows = rowsOf(inputs, features.length);
    checkFinite(features, plan.takesMissing, rows);
    return plan.applyToRows(rows);
  };

const prepareFrame =
  (model: NativeModel) =>
  (inputs: Tensors): Rows => {
    const frame = frameOf(inputs, model.features);
    checkFrame(frame, model.plan.takesMissing);
    return model.plan.apply(frame);
  };

/** The rows of an all-numeric model's one input. */
export function rowsOf(inputs: Tensors, width: number): Rows {
  const values = inputs.get(INPUT)?.data as Float64Array;
  return { count: values.length / width, width, values };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The columns of a model whose features are not all numbers. An empty text is a missing one.
 * @throws UnfitInput where they differ in length
 */
export function frameOf(inputs: Tensors, features: readonly string[]): Frame {
  const count = rowCount(inputs.get(features[0] as string) as Tensor);
  const columns = features.map((name): Column => {
    const tensor = inputs.get(name) as Tensor;
    if (rowCount(tensor) !== count) {
      throw new UnfitInput({
        where: `input ${name}`,
        rule: `must have ${count} rows, as the first`,
        found: rowCount(tensor),
      });
    }
    if (tensor.datatype !== 'BYTES') return { name, type: 'number', values: tensor.data as Float64Array };
    return { name, type: 'text', values: tensor.data.map((text) => (text.length === 0 ? null : utf8.decode(text))) };
  });
  return { count, columns };
}

function checkFinite(features: readonly string[], takesMissing: readonly boolean[], { values, width }: Rows): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isFinite(value)) continue;
    const column = at % width;
    if (!(Number.isNaN(value) && takesMissing[column])) throw unfit(Math.floor(at / width), features[column], value);
  }
}

function checkFrame({ columns }: Frame, takesMissing: readonly boolean[]): void {
  for (const [k, { name, type, values }] of columns.entries()) {
    const isFit = (value: number | string | null): boolean =>
      type === 'number' && Number.isFinite(value)
        ? true
        : (type === 'text' && value !== null) || (takesMissing[k] === true && (value === null || Number.isNaN(value)));
    const row = (values as readonly (number | string | null)[]).findIndex((value) => !isFit(value));
    if (row !== -1) throw unfit(row, name, values[row]);
  }
}

const unfit = (row: number, feature: string | undefined, found: unknown): UnfitInput =>
  new UnfitInput({
    where: `row ${row}, feature ${JSON.stringify(feature)}`,
    rule:
      found === null || typeof found === 'string'
        ? 'must not be missing: this model takes no missing values there'
        : 'must be a finite number: this model takes no missing values',
    found,
  });

/** Values so large that a score is infinity less infinity have no answer, and no label may be read out of one. */
function checkDecided(outputs: Tensors, count: number): void {
  for (const [name, { datatype, data }] of outputs) {
    if (datatype !== 'FP64') continue;
    const at = data.findIndex(Number.isNaN);
    if (at < 0) continue;
    const row = Math.floor(at / (data.length / count));
    throw new UnfitInput({
      where: `row ${row}`,
      rule: `must hold values small enough to be scored: ${name} is no number`,
    });
  }
}
