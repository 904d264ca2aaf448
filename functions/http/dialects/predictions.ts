import { UnfitInput } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { BOUNDS } from '../../../models/residuals.ts';
import type { Tensor } from '../../../models/tensor.ts';
import { tensorToJson } from '../../../models/tensor-json.ts';
import type { Answer } from '../answer.ts';
import type { Outcome } from './exchange.ts';
import { shown } from './explain.ts';

/**
 * The answer of V1 and MLflow: one value or label a row, one `{label, probabilities}` a row, or one
 * `{value, lower, upper}` a row where intervals were asked for.
 * @throws UnfitInput where probabilities are asked of a model that has none
 */
export function encodePredictions(
  { outputs, outside, explanations }: Outcome,
  manifest: Manifest,
  withProbabilities: boolean,
): Answer {
  const predicted = rowsOf('predict', outputs.get('predict') as Tensor);
  const texts = withProbabilities
    ? probabilityRows(predicted, outputs.get('predict_proba'), manifest)
    : intervalRows(predicted, outputs).map((row) => JSON.stringify(row));
  const parameters = outside.length > 0 ? `,"parameters":${JSON.stringify({ outside })}` : '';
  const explained = explanations ? `,"explanations":${JSON.stringify(shown(explanations))}` : '';
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"predictions":[${texts.join(',')}]${explained}${parameters}}`,
  };
}

function intervalRows(predicted: unknown[], outputs: Outcome['outputs']): unknown[] {
  const [lower, upper] = BOUNDS.map((name) => outputs.get(name));
  if (lower === undefined || upper === undefined) return predicted;
  return predicted.map((value, row) => ({ value, lower: lower.data[row], upper: upper.data[row] }));
}

function probabilityRows(
  labels: unknown[],
  probabilities: Tensor | undefined,
  { labels: names = [] }: Manifest,
): string[] {
  if (probabilities === undefined) {
    throw new UnfitInput({
      where: 'parameters.probabilities',
      rule: 'must be false: this model has no probabilities',
      found: true,
    });
  }
  // Written by hand: JSON objects reorder integer keys, and lose `__proto__`.
  const keys = names.map((name) => JSON.stringify(String(name)));
  return rowsOf('predict_proba', probabilities).map((row, i) => {
    const pairs = (row as unknown[]).map((value, k) => `${keys[k]}:${JSON.stringify(value)}`);
    return `{"label":${JSON.stringify(labels[i])},"probabilities":{${pairs.join(',')}}}`;
  });
}

/** One entry a row: the element itself, or an array where a row has several. */
function rowsOf(name: string, tensor: Tensor): unknown[] {
  const flat = tensorToJson(name, tensor);
  const [count = 1, width] = tensor.shape;
  if (width === undefined) return flat;
  return Array.from({ length: count }, (_, row) => flat.slice(row * width, (row + 1) * width));
}
