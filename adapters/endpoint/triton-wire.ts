import * as Type from 'typebox';
import { DatatypeSchema } from '../../models/datatype-schema.ts';
import { parseJson } from '../../models/json.ts';
import { checker } from '../../models/schema.ts';
import type { Signature, TensorSpec } from '../../models/signature.ts';
import { elementCount, type Tensor, type Tensors } from '../../models/tensor.ts';
import { isUnread, tensorFromBytes, tensorToBytes } from '../../models/tensor-binary.ts';
import { tensorFromJson } from '../../models/tensor-json.ts';
import { decodeUtf8 } from '../../models/utf8.ts';
import type { Invocation, Invoked } from './invoke.ts';

export const TRITON_BINARY = 'application/vnd.sagemaker-triton.binary+json';

/**
 * An Open Inference request as SageMaker's Triton takes it: JSON, then every tensor's bytes as they are.
 * https://docs.nvidia.com/deeplearning/triton-inference-server (binary tensor data extension; SageMaker's content type)
 */
export function encodeRequest(
  inputs: Tensors,
  outputs: readonly TensorSpec[],
): Pick<Invocation, 'contentType' | 'body'> {
  const tails = Array.from(inputs.values(), tensorToBytes);
  const header = new TextEncoder().encode(
    JSON.stringify({
      inputs: Array.from(inputs, ([name, { datatype, shape }], i) => ({
        name,
        datatype,
        shape,
        parameters: { binary_data_size: tails[i]?.length },
      })),
      outputs: outputs.map(({ name }) => ({ name, parameters: { binary_data: true } })),
    }),
  );
  return {
    contentType: `${TRITON_BINARY};json-header-size=${header.length}`,
    body: [header, ...tails],
  };
}

const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

/** Bytes of the JSON object at the start of an answer, where nobody says how many: tensors may follow it. */
export function jsonLength(answer: Uint8Array): number {
  let [depth, quoted] = [0, false];
  for (let i = 0; i < answer.length; i++) {
    const byte = answer[i];
    if (quoted && byte === BACKSLASH) i++;
    else if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && byte === OPEN) depth++;
    else if (!quoted && byte === CLOSE && --depth === 0) return i + 1;
  }
  return answer.length;
}

const Response = Type.Object({
  outputs: Type.Array(
    Type.Object({
      name: Type.String(),
      datatype: DatatypeSchema,
      shape: Type.Array(Type.Integer({ minimum: 0 })),
      parameters: Type.Optional(Type.Object({ binary_data_size: Type.Optional(Type.Integer({ minimum: 0 })) })),
      data: Type.Optional(Type.Unknown()),
    }),
  ),
});
const check = checker(Response);

/** An answer that is none: whoever reads it says in which words. */
export class AnswerUnreadable extends Error {
  override readonly name = 'AnswerUnreadable';
}

/**
 * The outputs of an answer, which are those of the signature for so many rows.
 * @throws AnswerUnreadable
 */
export function decodeAnswer(
  { contentType, body }: Invoked,
  { outputs }: Pick<Signature, 'outputs'>,
  rows: number,
): Tensors {
  const { header, tail } = partsOf(contentType, body);
  const verdict = check(readHeader(header), 'answer');
  if (!verdict.ok) throw new AnswerUnreadable(`${verdict.breach.where} ${verdict.breach.rule}`);
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const { name, datatype, shape, parameters, data } of verdict.value.outputs) {
    const size = parameters?.binary_data_size;
    if (size !== undefined && at + size > tail.length) throw new AnswerUnreadable('ends within a tensor');
    const read = (): Tensor =>
      size === undefined
        ? tensorFromJson(name, datatype, shape, data, true)
        : tensorFromBytes(name, datatype, shape, tail.subarray(at, at + size));
    tensors.set(name, readable(read));
    at += size ?? 0;
  }
  if (at !== tail.length) throw new AnswerUnreadable('brings more bytes than its tensors have');
  return new Map(outputs.map((spec) => [spec.name, fitting(spec, tensors.get(spec.name), rows)]));
}

function partsOf(contentType: string, body: Uint8Array): { header: Uint8Array; tail: Uint8Array } {
  if (!contentType.startsWith(TRITON_BINARY)) return { header: body, tail: new Uint8Array() };
  const length = Number(/json-header-size=(\d{1,10})/.exec(contentType)?.[1]);
  if (!(length <= body.length)) throw new AnswerUnreadable('states no length of its JSON, or one past its end');
  return { header: body.subarray(0, length), tail: body.subarray(length) };
}

const readHeader = (header: Uint8Array): unknown => readable(() => parseJson(decodeUtf8(header, 'answer'), 'answer'));

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new AnswerUnreadable((error as Error).message, { cause: error });
  }
}

/** A model that states a shape, and answers another, must not pass: rows would get each other's answers. */
function fitting({ name, datatype, shape }: TensorSpec, tensor: Tensor | undefined, rows: number): Tensor {
  if (tensor === undefined) throw new AnswerUnreadable(`lacks output ${name}`);
  const fits =
    tensor.datatype === datatype &&
    tensor.shape.length === shape.length &&
    shape.every(
      (size, axis) =>
        tensor.shape[axis] === (axis === 0 && size === -1 ? rows : size === -1 ? tensor.shape[axis] : size),
    ) &&
    (isUnread(tensor) || tensor.data.length === elementCount(tensor.shape));
  if (fits) return tensor;
  throw new AnswerUnreadable(`has output ${name} as ${tensor.datatype} [${tensor.shape}], not ${datatype} [${shape}]`);
}
