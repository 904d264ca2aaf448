import { answerersIn } from '../../../models/cascade/cascade.ts';
import { UnfitInput } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { BOUNDS } from '../../../models/residuals.ts';
import { rolesOf } from '../../../models/roles.ts';
import { elementCount, type Tensor, type Tensors } from '../../../models/tensor.ts';
import { tensorToJson } from '../../../models/tensor-json.ts';
import type { Answer } from '../answer.ts';
import type { Outcome } from './exchange.ts';
import { shown } from './explain.ts';

/**
 * The answer of V1 and MLflow: one value or label a row, one `{label, probabilities}` a row, or one
 * `{value, lower, upper}` a row where intervals were asked for. Where a model's outputs have no roles, one object a row by
 * output name.
 * @throws UnfitInput where probabilities are asked of a model that has none
 */
export function encodePredictions(
  { outputs, outside, explanations }: Outcome,
  manifest: Manifest,
  withProbabilities: boolean,
): Answer {
  const texts = withProbabilities
    ? probabilityRows(outputs, manifest)
    : intervalRows(answerRows(outputs, manifest), outputs).map((row) => JSON.stringify(row));
  const by = answerersIn(outputs);
  const said = { ...(outside.length > 0 && { outside }), ...(by && { answered_by: by }) };
  const parameters = Object.keys(said).length > 0 ? `,"parameters":${JSON.stringify(said)}` : '';
  const explained = explanations ? `,"explanations":${JSON.stringify(shown(explanations))}` : '';
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"predictions":[${texts.join(',')}]${explained}${parameters}}`,
  };
}

function answerRows(outputs: Tensors, manifest: Manifest): unknown[] {
  const { answer } = rolesOf(manifest);
  if (answer !== undefined) return rowsOf(answer, outputs.get(answer) as Tensor);
  const columns = Array.from(outputs, ([name, tensor]) => [name, rowsOf(name, tensor)] as const);
  const count = Math.max(...columns.map(([, rows]) => rows.length));
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map(([name, rows]) => [name, rows[row]])),
  );
}

function intervalRows(predicted: unknown[], outputs: Outcome['outputs']): unknown[] {
  const [lower, upper] = BOUNDS.map((name) => outputs.get(name));
  if (lower === undefined || upper === undefined) return predicted;
  return predicted.map((value, row) => ({ value, lower: lower.data[row], upper: upper.data[row] }));
}

function probabilityRows(outputs: Tensors, manifest: Manifest): string[] {
  const roles = rolesOf(manifest);
  const name = roles.probabilities ?? '';
  const probabilities = outputs.get(name);
  if (probabilities === undefined) {
    throw new UnfitInput({
      where: 'parameters.probabilities',
      rule: 'must be false: this model has no probabilities',
      found: true,
    });
  }
  const labels = answerRows(outputs, manifest);
  const width = probabilities.shape[1] ?? 1;
  const names = manifest.labels ?? Array.from({ length: width }, (_, k) => k);
  // Written by hand: JSON objects reorder integer keys, and lose `__proto__`.
  const keys = names.map((label) => JSON.stringify(String(label)));
  return rowsOf(name, probabilities).map((row, i) => {
    const pairs = [row].flat().map((value, k) => `${keys[k]}:${JSON.stringify(value)}`);
    return `{"label":${JSON.stringify(labels[i])},"probabilities":{${pairs.join(',')}}}`;
  });
}

/** One entry a row: the element itself, or an array, nested by shape, where a row has several. */
function rowsOf(name: string, tensor: Tensor): unknown[] {
  const flat = tensorToJson(name, tensor);
  const [count = 1, ...shape] = tensor.shape;
  const width = elementCount(shape);
  if (shape.every((size) => size === 1)) return flat;
  return Array.from({ length: count }, (_, row) => nested(flat, shape, row * width));
}

function nested(flat: readonly unknown[], [size = 1, ...inner]: readonly number[], at: number): unknown[] {
  if (inner.length === 0) return flat.slice(at, at + size);
  const step = elementCount(inner);
  return Array.from({ length: size }, (_, i) => nested(flat, inner, at + i * step));
}
