import { join } from 'node:path';
import type { Datatype } from '../../models/datatype.ts';
import type { Explanation } from '../../models/explanation.ts';
import { inspect } from '../../models/formats/inspect.ts';
import { explainModel, type NativeModel, nativePredictor, signatureOf } from '../../models/native.ts';
import { outside } from '../../models/outside.ts';
import { BOUNDS, withInterval } from '../../models/residuals.ts';
import { conform } from '../../models/signature.ts';
import type { Tensor, Tensors } from '../../models/tensor.ts';
import { tensorFromJson, tensorToJson } from '../../models/tensor-json.ts';
import type { Explained, InferRequest, Predictions } from '../client/answers.ts';
import type { PredictOptions } from '../client/client.ts';
import { Failure } from './failures.ts';
import type { Body, Input } from './input.ts';
import { rowsIn, tensorsOfRows } from './local-rows.ts';
import { MODEL_FILE } from './model-folder.ts';
import { readBytes } from './read-bytes.ts';

/** How many values outside the training range are named. */
const OUTSIDE_LIMIT = 100;

/** What the model in a folder predicts, scored in this process. @throws Failure, ModelFileRefused, UnfitInput */
export async function predictLocally(
  folder: string,
  input: Input,
  { probabilities = false, interval }: PredictOptions,
): Promise<Predictions> {
  const path = join(folder, MODEL_FILE);
  const { model, content } = inspect({ name: path, bytes: await readBytes(path) });
  const inputs = input.form === 'v2' ? tensorsOf(input.body) : tensorsOfRows(rowsIn(input), content);
  const predicted = await nativePredictor(model).predict(inputs, new AbortController().signal);
  const outputs = interval === undefined ? predicted : withInterval(predicted, model.residuals, interval);
  const strayed = outside(model, conform(signatureOf(model), inputs), OUTSIDE_LIMIT);
  return {
    predictions: probabilities ? labelled(outputs, model, path) : valuesOf(outputs),
    ...(strayed.length > 0 && { parameters: { outside: strayed } }),
  };
}

/** As `predictLocally`, with how each prediction comes about. */
export async function explainLocally(folder: string, input: Input, all: boolean): Promise<Explained> {
  const path = join(folder, MODEL_FILE);
  const { model, content } = inspect({ name: path, bytes: await readBytes(path) });
  const inputs = input.form === 'v2' ? tensorsOf(input.body) : tensorsOfRows(rowsIn(input), content);
  const explanations = explainModel(model, inputs, all ? 'all' : 'predicted', new AbortController().signal);
  const { predictions } = await predictLocally(folder, input, {});
  return { predictions, explanations: explanations.map((row) => (row.length === 1 ? (row[0] as Explanation) : row)) };
}

function tensorsOf(body: Body): Tensors {
  const { inputs } = body as unknown as InferRequest;
  return new Map(
    inputs.map(({ name, datatype, shape, data }, i) => [
      name,
      tensorFromJson(`inputs[${i}].data`, datatype as Datatype, shape, data),
    ]),
  );
}

function labelled(outputs: Tensors, { labels }: NativeModel, path: string): unknown[] {
  if (!outputs.has('predict_proba') || labels === undefined) {
    throw new Failure(`${path} has no probabilities; leave out --probabilities`);
  }
  const probabilities = perRow('predict_proba', outputs) as number[][];
  return perRow('predict', outputs).map((label, row) => ({
    label,
    probabilities: Object.fromEntries(labels.values.map((name, k) => [String(name), probabilities[row]?.[k]])),
  }));
}

/** A value a row, or `{value, lower, upper}`. */
function valuesOf(outputs: Tensors): unknown[] {
  const [lower, upper] = BOUNDS.map((name) => outputs.get(name));
  const values = perRow('predict', outputs);
  if (lower === undefined || upper === undefined) return values;
  return values.map((value, row) => ({ value, lower: lower.data[row], upper: upper.data[row] }));
}

/** One entry a row: the element itself, or an array where a row has several. */
function perRow(name: string, outputs: Tensors): unknown[] {
  const tensor = outputs.get(name) as Tensor;
  const flat = tensorToJson(name, tensor);
  const [count = 0, width] = tensor.shape;
  if (width === undefined) return flat;
  return Array.from({ length: count }, (_, row) => flat.slice(row * width, (row + 1) * width));
}
