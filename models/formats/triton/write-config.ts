import type { Datatype } from '../../datatype.ts';
import { isInRows, type Signature, type TensorSpec } from '../../signature.ts';

export interface TritonOptions {
  /** The model's name in its repository. */
  readonly name: string;
  readonly signature: Signature;
  /** Whether each row is answered as it is alone. Of any other model callers would see each other's rows: it gets no batches. */
  readonly rowByRow: boolean;
  /** Rows of a batch. */
  readonly batchRows: number;
  /** How long the first caller of a batch waits for others. */
  readonly batchDelayMs: number;
  readonly device: 'GPU' | 'CPU';
}

/**
 * `config.pbtxt` of an ONNX model: tensors, dynamic batching where rows are answered one by one, one instance a device, and a
 * warm-up, so that no caller pays for the first run. https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto
 */
export function tritonConfig({ name, signature, rowByRow, batchRows, batchDelayMs, device }: TritonOptions): string {
  const { inputs, outputs } = signature;
  const isBatched = rowByRow && isInRows(signature);
  const dimensions = ({ shape }: TensorSpec): readonly number[] => (isBatched ? shape.slice(1) : shape);
  const tensor = (spec: TensorSpec): string =>
    `  { name: ${quoted(spec.name)} data_type: ${TYPES[spec.datatype]} dims: [ ${dimensions(spec).join(', ')} ] }`;
  const lines = [
    `name: ${quoted(name)}`,
    'platform: "onnxruntime_onnx"',
    `max_batch_size: ${isBatched ? batchRows : 0}`,
    `input [\n${inputs.map(tensor).join(',\n')}\n]`,
    `output [\n${outputs.map(tensor).join(',\n')}\n]`,
    `instance_group [ { count: 1 kind: KIND_${device} } ]`,
  ];
  if (isBatched) lines.push(`dynamic_batching { max_queue_delay_microseconds: ${Math.round(batchDelayMs * 1_000)} }`);
  const isFixed = inputs.every((spec) => spec.datatype !== 'BYTES' && dimensions(spec).every((size) => size >= 0));
  if (isFixed) lines.push(warmUp(inputs, dimensions, isBatched));
  return `${lines.join('\n')}\n`;
}

function warmUp(
  inputs: readonly TensorSpec[],
  dimensions: (spec: TensorSpec) => readonly number[],
  isBatched: boolean,
): string {
  const zeros = inputs.map(
    (spec) =>
      `  inputs { key: ${quoted(spec.name)} value: { data_type: ${TYPES[spec.datatype]} dims: [ ${dimensions(spec).join(', ')} ] zero_data: true } }`,
  );
  return `model_warmup [ {\n  name: "zeros"\n  batch_size: ${isBatched ? 1 : 0}\n${zeros.join('\n')}\n} ]`;
}

/** Text format's strings escape as JSON's do. */
const quoted = (text: string): string => JSON.stringify(text);

const TYPES: Readonly<Record<Datatype, string>> = {
  BOOL: 'TYPE_BOOL',
  UINT8: 'TYPE_UINT8',
  UINT16: 'TYPE_UINT16',
  UINT32: 'TYPE_UINT32',
  UINT64: 'TYPE_UINT64',
  INT8: 'TYPE_INT8',
  INT16: 'TYPE_INT16',
  INT32: 'TYPE_INT32',
  INT64: 'TYPE_INT64',
  FP16: 'TYPE_FP16',
  FP32: 'TYPE_FP32',
  FP64: 'TYPE_FP64',
  BYTES: 'TYPE_STRING',
};
