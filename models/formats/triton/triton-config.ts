import { ModelFileRefused } from '../../errors.ts';
import type { ModelFile } from '../format.ts';
import { type Message, readTextProto } from './text-proto.ts';

/** An input or output as Triton is told of it. `dims` leave the batch out where the model takes batches. */
export interface TritonTensor {
  readonly name: string;
  /** Such as `FP32`. */
  readonly datatype: string;
  readonly dims: readonly number[];
}

/** What `config.pbtxt` says of a model, as far as serving it needs. */
export interface TritonConfig {
  readonly name?: string;
  /** Such as `onnxruntime_onnx`, or the backend's name. */
  readonly platform?: string;
  /** 0 where the model takes no batches. */
  readonly maxBatchSize: number;
  /** How long the first caller of a batch waits for others; absent where callers are not put together. */
  readonly batchDelayMs?: number;
  readonly inputs: readonly TritonTensor[];
  readonly outputs: readonly TritonTensor[];
  /** The file that holds the model, where it has not its backend's usual name. */
  readonly file?: string;
  /** The versions to serve, where its `version_policy` names them; the latest otherwise. */
  readonly versions?: readonly number[];
}

/** https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto @throws ModelFileRefused */
export function readConfig(file: ModelFile): TritonConfig {
  const message = readTextProto(file);
  const where = file.name;
  const name = textIn(message, 'name', where);
  const platform = textIn(message, 'platform', where) ?? textIn(message, 'backend', where);
  const model = textIn(message, 'default_model_filename', where);
  const versions = versionsIn(message, `${where}, version_policy`);
  const batching = message.get('dynamic_batching')?.at(-1);
  return {
    ...(name && { name }),
    ...(platform && { platform }),
    maxBatchSize: integer(textIn(message, 'max_batch_size', where) ?? '0', `${where}, max_batch_size`, 0),
    ...(batching && { batchDelayMs: delayMs(batching, `${where}, dynamic_batching`) }),
    inputs: tensorsIn(message, 'input', where),
    outputs: tensorsIn(message, 'output', where),
    ...(model && { file: model }),
    ...(versions && { versions }),
  };
}

/** https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_configuration.md#version-policy */
function versionsIn(message: Message, where: string): number[] | undefined {
  const specific = fieldsIn(fieldsIn(message, 'version_policy', where), 'specific', where);
  return specific?.get('versions')?.map((value) => integer(typeof value === 'string' ? value : '', where, 1));
}

function fieldsIn(message: Message | undefined, field: string, where: string): Message | undefined {
  const value = message?.get(field)?.at(-1);
  if (typeof value !== 'string') return value;
  throw new ModelFileRefused({ where, rule: 'must be a message', found: value });
}

function textIn(message: Message, field: string, where: string): string | undefined {
  const value = message.get(field)?.at(-1);
  if (value === undefined || typeof value === 'string') return value;
  throw new ModelFileRefused({ where: `${where}, ${field}`, rule: 'must be one value' });
}

function delayMs(batching: string | Message, where: string): number {
  if (typeof batching === 'string') throw new ModelFileRefused({ where, rule: 'must be a message', found: batching });
  const field = 'max_queue_delay_microseconds';
  return integer(textIn(batching, field, where) ?? '0', `${where}, ${field}`, 0) / 1_000;
}

const tensorsIn = (message: Message, field: 'input' | 'output', where: string): TritonTensor[] =>
  (message.get(field) ?? []).map((value, i) => tensorOf(value, `${where}, ${field}[${i}]`));

function tensorOf(value: string | Message, where: string): TritonTensor {
  const rule = 'must have a name, a data_type and dims';
  if (typeof value === 'string') throw new ModelFileRefused({ where, rule, found: value });
  const [name, type] = [textIn(value, 'name', where), textIn(value, 'data_type', where)];
  const dims = value.get('dims');
  if (!name || !type || dims === undefined) throw new ModelFileRefused({ where, rule });
  return {
    name,
    datatype: type.replace(/^TYPE_/, '').replace('STRING', 'BYTES'),
    dims: dims.map((dim) => integer(typeof dim === 'string' ? dim : '', `${where}.dims`, -1)),
  };
}

function integer(text: string, where: string, minimum: number): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new ModelFileRefused({ where, rule: `must be an integer of at least ${minimum}`, found: text });
}
