import * as Type from 'typebox';
import { MalformedRequest } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { checker } from '../../../models/schema.ts';
import type { Tensors } from '../../../models/tensor.ts';
import { jsonBody } from '../call.ts';
import { mediaType } from '../media-type.ts';
import { exchangeCsv } from './csv.ts';
import type { Decode, Exchange } from './exchange.ts';
import { wantedOf } from './explain.ts';
import { fromInstances, fromTable } from './instances.ts';
import { encodePredictions } from './predictions.ts';
import { fromInputs, PredictionParameters, Rows } from './v1.ts';

/** A request of MLflow's scoring protocol: exactly one of the four ways to bring rows. */
export const MlflowRequest = Type.Object({
  dataframe_split: Type.Optional(
    Type.Object({ columns: Type.Optional(Type.Array(Type.String())), data: Type.Array(Rows) }),
  ),
  dataframe_records: Type.Optional(Rows),
  instances: Type.Optional(Rows),
  inputs: Type.Optional(Type.Unknown()),
  params: Type.Optional(PredictionParameters),
  parameters: Type.Optional(PredictionParameters),
});

const WAYS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

const check = checker(MlflowRequest);

export const decodeMlflow: Decode = (call, manifest) =>
  mediaType(call) === 'text/csv' ? exchangeCsv(call, manifest) : exchangeMlflow(manifest, jsonBody(call));

export function exchangeMlflow(manifest: Manifest, value: unknown): Exchange {
  const verdict = check(value, 'body');
  if (!verdict.ok) throw new MalformedRequest(verdict.breach);
  const request = verdict.value;
  if (WAYS.filter((way) => request[way] !== undefined).length !== 1) {
    throw new MalformedRequest({ where: 'body', rule: `must hold exactly one of ${WAYS.join(', ')}` });
  }
  const { probabilities = false, explain, interval } = request.params ?? request.parameters ?? {};
  return {
    inputs: inputsOf(request, manifest),
    explain: wantedOf(explain, 'params.explain'),
    interval,
    encode: (outcome) => encodePredictions(outcome, manifest, probabilities),
  };
}

type Request = Type.Static<typeof MlflowRequest>;

function inputsOf({ dataframe_split, dataframe_records, instances, inputs }: Request, manifest: Manifest): Tensors {
  if (dataframe_split) {
    const { columns = manifest.features, data } = dataframe_split;
    return fromTable(columns, data, manifest, 'dataframe_split.data');
  }
  if (dataframe_records) return fromInstances(dataframe_records, manifest, 'dataframe_records');
  if (instances) return fromInstances(instances, manifest, 'instances');
  return fromInputs(inputs, manifest);
}
