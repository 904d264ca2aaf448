import { arrays } from '../datatype.ts';
import { UnfitInput } from '../errors.ts';
import { type Labels, labelSpec, labelTensor, probabilitySpec } from '../labels.ts';
import { INPUT } from '../native.ts';
import type { Predictor } from '../predictor.ts';
import type { Signature, TensorSpec } from '../signature.ts';
import { fp64, type Tensor, type Tensors } from '../tensor.ts';
import { ANSWERED_BY, type Cascade } from './cascade.ts';
import { confidence } from './temperature.ts';

/** The outputs of a cascade: as of the small model, and who answered. */
export const cascadeOutputs = (labels: Labels): TensorSpec[] => [
  labelSpec(labels),
  probabilitySpec(labels),
  { name: ANSWERED_BY, datatype: 'BYTES', shape: [-1] },
];

const utf8 = new TextEncoder();
const [SMALL, LARGE] = [utf8.encode('small'), utf8.encode('large')];

interface Parts {
  readonly small: Predictor;
  readonly large: Predictor;
  readonly labels: Labels;
  readonly cascade: Cascade;
}

/**
 * Asks the small model, and the large one about the rows of which the small one is not sure. Where that fails, the call does.
 * Guo et al. 2017 for the confidence; Viola and Jones, CVPR 2001, for the word.
 */
export function cascadePredictor({ small, large, labels, cascade }: Parts): Predictor {
  const signature: Signature = { inputs: small.signature.inputs, outputs: cascadeOutputs(labels) };
  const classes = labels.values.length;
  return {
    signature,
    async predict(inputs, signal) {
      const first = await small.predict(inputs, signal);
      const values = (first.get('predict_proba') as Tensor).data as Float64Array;
      const unsure = unsureRows({ classes, values }, cascade);
      if (unsure.length === 0)
        return told(
          first,
          fp64([values.length / classes, classes], values),
          Array(values.length / classes).fill(SMALL),
        );
      const asked = await large.predict(rowsFor(cascade, inputs.get(INPUT) as Tensor, unsure), signal);
      const theirs = probabilitiesIn(asked.get(cascade.large.output) as Tensor, cascade);
      checkAnswered(theirs, unsure, classes);
      return merged(first, values, { unsure, theirs, labels });
    },
    async close() {
      await Promise.all([small.close(), large.close()]);
    },
  };
}

type Distribution = { readonly classes: number; readonly values: Float64Array };

function unsureRows(probabilities: Distribution, { threshold, temperature }: Cascade): number[] {
  const count = probabilities.values.length / probabilities.classes;
  return Array.from({ length: count }, (_, row) => row).filter(
    (row) => confidence(probabilities, row, temperature) < threshold,
  );
}

/**
 * These rows in the shape and datatype that the large model takes.
 * @throws UnfitInput where one has a number that is too large there: told by the caller's own row
 */
function rowsFor({ large: { signature } }: Cascade, input: Tensor, rows: readonly number[]): Tensors {
  const [{ name, datatype, shape }] = signature.inputs as [TensorSpec];
  const values = input.data as Float64Array;
  const width = input.shape[1] as number;
  const data = new arrays[datatype as 'FP32' | 'FP64'](rows.length * width);
  for (const [i, row] of rows.entries()) data.set(values.subarray(row * width, (row + 1) * width), i * width);
  const over = data.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (over !== -1) {
    const [row, feature] = [rows[Math.floor(over / width)] as number, over % width];
    throw new UnfitInput({
      where: `row ${row}, feature ${feature}`,
      rule: `must be a number within ${datatype}, which the large model of this cascade takes`,
      found: values[row * width + feature],
    });
  }
  return new Map([[name, { datatype, shape: [rows.length, ...shape.slice(1)], data } as Tensor]]);
}

/** Of the large model, in the order of the small one's labels. */
function probabilitiesIn({ data }: Tensor, { large: { order, scores } }: Cascade): Float64Array {
  const classes = order.length;
  const values = new Float64Array(data.length);
  for (let at = 0; at < values.length; at++) {
    const row = Math.floor(at / classes) * classes;
    values[at] = Number(data[row + (order[at - row] as number)]);
  }
  if (scores === 'logits')
    for (let at = 0; at < values.length; at += classes) soften(values.subarray(at, at + classes));
  return values;
}

/** @throws UnfitInput where the large model has no answer to a row */
function checkAnswered(probabilities: Float64Array, rows: readonly number[], classes: number): void {
  const at = probabilities.length === rows.length * classes ? probabilities.findIndex(Number.isNaN) : 0;
  if (at === -1) return;
  const rule = 'must be a row that the large model of this cascade has an answer to';
  throw new UnfitInput({ where: `row ${rows[Math.floor(at / classes)]}`, rule });
}

/** Softmax, in place. */
function soften(row: Float64Array): void {
  const largest = Math.max(...row);
  let sum = 0;
  for (const [k, logit] of row.entries()) {
    row[k] = Math.exp(logit - largest);
    sum += row[k] as number;
  }
  for (const [k, weight] of row.entries()) row[k] = weight / sum;
}

interface Others {
  readonly unsure: readonly number[];
  readonly theirs: Float64Array;
  readonly labels: Labels;
}

function merged(first: Tensors, small: Float64Array, { unsure, theirs, labels }: Others): Tensors {
  const classes = labels.values.length;
  const probabilities = Float64Array.from(small);
  const predicted = first.get('predict') as Tensor;
  const labelled = [...(predicted.data as ArrayLike<bigint | Uint8Array> & Iterable<bigint | Uint8Array>)];
  const by = Array<Uint8Array>(labelled.length).fill(SMALL);
  const answers = unsure.map((_, i) => likeliest(theirs.subarray(i * classes, (i + 1) * classes)));
  const { data: named } = labelTensor(labels, answers);
  for (const [i, row] of unsure.entries()) {
    probabilities.set(theirs.subarray(i * classes, (i + 1) * classes), row * classes);
    labelled[row] = named[i] as bigint | Uint8Array;
    by[row] = LARGE;
  }
  const data = predicted.datatype === 'INT64' ? BigInt64Array.from(labelled as bigint[]) : labelled;
  return told(new Map([['predict', { ...predicted, data } as Tensor]]), fp64([by.length, classes], probabilities), by);
}

/** The first of equals. */
const likeliest = (row: Float64Array): number => row.indexOf(Math.max(...row));

const told = (answered: Tensors, probabilities: Tensor, by: Uint8Array[]): Tensors =>
  new Map([
    ['predict', answered.get('predict') as Tensor],
    ['predict_proba', probabilities],
    [ANSWERED_BY, { datatype: 'BYTES', shape: [by.length], data: by }],
  ]);
