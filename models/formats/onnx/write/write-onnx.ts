import { create, toBinary } from '@bufbuild/protobuf';
import type { Datatype } from '../../../datatype.ts';
import { featuresOf } from '../../../features.ts';
import { type NativeModel, signatureOf } from '../../../native.ts';
import type { TensorSpec } from '../../../signature.ts';
import { TensorProto_DataType as DataType, ModelProtoSchema } from '../onnx_pb.js';
import { ExportRefused } from './export-refused.ts';
import { answersOf } from './formula.ts';
import { type Graph, openGraph, type Precision, tensorInfo } from './graph.ts';
import { guarded } from './guard.ts';
import { type Incoming, mixedSheet, numericSheet } from './intake.ts';
import { factsOf } from './metadata.ts';
import { prepare } from './prepare.ts';
import { type Sheet, together } from './sheet.ts';
import { byThreshold } from './threshold.ts';

export interface Writing {
  readonly precision: Precision;
  /** Version of the software that writes. */
  readonly release: string;
}

/** Equality of texts came with operator set 19, regular expressions with 20; IR 9 is what belongs to it. */
const IR_VERSION = 9n;
const VERSIONS: Readonly<Record<string, bigint>> = { '': 20n, 'com.microsoft': 1n };

/**
 * A model as one ONNX file, preparation included: the inputs and outputs of its signature, the same numbers, the same labels.
 * Rows that the model refuses fail the run.
 * @throws ExportRefused where ONNX can't say what the model does
 */
export function writeOnnx(model: NativeModel, { precision, release }: Writing): Uint8Array<ArrayBuffer> {
  const { formula } = model.scorer;
  if (formula === undefined) throw notWritable(model);
  const { inputs, outputs } = signatureOf(model);
  refuseShared(inputs, outputs);
  const names = [...inputs, ...outputs].map(({ name }) => name);
  const { graph, nodes, constants, domains } = openGraph(precision, names);
  const sheet = prepare(graph, model.preparation, intakeOf(graph, model));
  const scored = answersOf(graph, formula, guarded(graph, together(graph, sheet), sheet.guards));
  const answers = byThreshold(graph, scored, model);
  for (const [name, value] of Object.entries(answers)) graph.answer(name, value);
  checkSize(constants.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0));
  const info = (specs: readonly TensorSpec[]) =>
    specs.map(({ name, datatype, shape }) => tensorInfo(name, elementOf(datatype, graph), shape));
  const file = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: [...domains].map((domain) => ({ domain, version: VERSIONS[domain] as bigint })),
    producerName: 'modeldrop',
    producerVersion: release,
    graph: {
      name: model.kind,
      node: [...nodes],
      initializer: [...constants],
      input: info(inputs),
      output: info(outputs),
    },
    metadataProps: Object.entries(factsOf(model, release)).map(([key, value]) => ({ key, value })),
  });
  return toBinary(ModelProtoSchema, file);
}

function intakeOf(graph: Graph, { features, types, plan }: NativeModel): Sheet {
  const incoming = featuresOf(features, types, 'types').map(
    ({ type }, k): Incoming => ({
      name: plan.features[k] as string,
      type,
      takesMissing: plan.takesMissing[k] === true,
    }),
  );
  return types ? mixedSheet(graph, incoming, features) : numericSheet(graph, incoming);
}

function elementOf(datatype: Datatype, { real }: Graph): DataType {
  if (datatype === 'BYTES') return DataType.STRING;
  return datatype === 'INT64' ? DataType.INT64 : real;
}

/** Inputs and outputs lie in one space of names. @throws ExportRefused */
function refuseShared(inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): void {
  const shared = inputs.find(({ name }) => outputs.some((output) => output.name === name));
  if (shared === undefined) return;
  throw new ExportRefused({
    where: 'feature',
    rule: 'must not be called as an output of the model is: in ONNX all tensors have names of their own',
    found: shared.name,
  });
}

/** What protobuf can hold, less some room for all else. */
const MOST_BYTES = 2 ** 31 - 2 ** 24;

/** @throws ExportRefused */
function checkSize(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  const rule = `must come to at most ${MOST_BYTES} bytes of numbers, which is what one ONNX file holds`;
  throw new ExportRefused({ where: 'the model', rule, found: bytes });
}

const notWritable = ({ kind }: NativeModel): ExportRefused =>
  new ExportRefused({
    where: `a model of kind ${kind}`,
    rule: 'is not exported: docs/export.md says what is, and how others come to ONNX',
  });
