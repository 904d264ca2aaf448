import * as Type from 'typebox';
import { MalformedRequest } from '../../../models/errors.ts';
import { Explanation } from '../../../models/explanation.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { checker } from '../../../models/schema.ts';
import { jsonBody } from '../call.ts';
import type { Decode, Exchange } from './exchange.ts';
import { ExplainParameter, wantedOf } from './explain.ts';
import { fromColumns, fromInstances } from './instances.ts';
import { IntervalParameter } from './interval.ts';
import { encodePredictions } from './predictions.ts';

export const Rows = Type.Unsafe<unknown[]>({
  type: 'array',
  description: 'Rows: arrays in the order of the features, or records by feature name.',
});

export const PredictionParameters = Type.Object({
  probabilities: Type.Optional(Type.Boolean({ description: 'Answer {label, probabilities} a row.' })),
  explain: Type.Optional(ExplainParameter),
  interval: Type.Optional(IntervalParameter),
});

/** A request of KServe's V1 protocol: `instances`, or `inputs` as rows or as columns. */
export const V1Request = Type.Object({
  instances: Type.Optional(Rows),
  inputs: Type.Optional(Type.Unknown()),
  parameters: Type.Optional(PredictionParameters),
  explain: Type.Optional(ExplainParameter),
});

export const PredictionsResponse = Type.Object({
  predictions: Type.Array(Type.Unknown(), {
    description: 'One value, label, {label, probabilities} or {value, lower, upper} a row.',
  }),
  explanations: Type.Optional(
    Type.Array(Type.Union([Explanation, Type.Array(Explanation)]), {
      description: 'One a row, or a list of all classes.',
    }),
  ),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

const check = checker(V1Request);

export const decodeV1: Decode = (call, manifest) => exchangeV1(manifest, jsonBody(call));

/** KServe's `:explain`: a prediction, with explanations even where nothing more is said. */
export const decodeV1Explain: Decode = (call, manifest) => {
  const exchange = exchangeV1(manifest, jsonBody(call));
  return { ...exchange, explain: exchange.explain ?? 'predicted' };
};

export function exchangeV1(manifest: Manifest, value: unknown): Exchange {
  const verdict = check(value, 'body');
  if (!verdict.ok) throw new MalformedRequest(verdict.breach);
  const { instances, inputs, parameters, explain } = verdict.value;
  if ((instances === undefined) === (inputs === undefined)) {
    throw new MalformedRequest({ where: 'body', rule: 'must hold exactly one of instances and inputs' });
  }
  return {
    inputs: instances ? fromInstances(instances, manifest, 'instances') : fromInputs(inputs, manifest),
    explain: wantedOf(explain ?? parameters?.explain, 'parameters.explain'),
    interval: parameters?.interval,
    encode: (outcome) => encodePredictions(outcome, manifest, parameters?.probabilities ?? false),
  };
}

/** Rows, or columns by name. */
export const fromInputs = (inputs: unknown, manifest: Manifest) =>
  inputs !== null && typeof inputs === 'object' && !Array.isArray(inputs)
    ? fromColumns(inputs as Record<string, unknown>, manifest, 'inputs')
    : fromInstances(inputs, manifest, 'inputs');
