import type { InferenceSession } from 'onnxruntime-node';
import { expect } from 'vitest';
import { UnfitInput } from '../../../../../models/errors.ts';
import { type ModelJson, modelJson } from '../../../../../models/formats/model-json.ts';
import { type NativeModel, nativePredictor } from '../../../../../models/native.ts';
import { fp64, type Tensor, type Tensors } from '../../../../../models/tensor.ts';
import { isClose } from '../../../../closeness.ts';
import { runOnnx } from './run-onnx.ts';

const utf8 = new TextEncoder();

export const readModel = (json: ModelJson): NativeModel =>
  modelJson.read({ name: 'model.json', bytes: utf8.encode(JSON.stringify(json)) }, {});

/** Rows as the tensors of a model, whatever they hold. A missing value is NaN or an empty text. */
export function tensorsOf({ features, types }: NativeModel, rows: readonly (readonly (number | string)[])[]): Tensors {
  const count = rows.length;
  if (types === undefined) {
    return new Map([['input', fp64([count, features.length], Float64Array.from(rows.flat() as number[]))]]);
  }
  return new Map(
    features.map((name, k): [string, Tensor] => {
      const column = rows.map((row) => row[k] as number | string);
      return Object.hasOwn(types, name)
        ? [name, { datatype: 'BYTES', shape: [count], data: column.map((text) => utf8.encode(String(text))) }]
        : [name, fp64([count], Float64Array.from(column as number[]))];
    }),
  );
}

/** What the model itself answers; undefined where it refuses. */
export async function ownAnswer(model: NativeModel, inputs: Tensors): Promise<Tensors | undefined> {
  try {
    return await nativePredictor(model).predict(inputs, new AbortController().signal);
  } catch (error) {
    if (error instanceof UnfitInput) return undefined;
    throw error;
  }
}

/** Expects of ONNX Runtime the model's own answer, or its refusal. @returns whether it answered */
export async function expectAgreement(
  model: NativeModel,
  session: InferenceSession,
  inputs: Tensors,
  t = 1e-9,
): Promise<boolean> {
  const own = await ownAnswer(model, inputs);
  if (own === undefined) {
    await expect(runOnnx(session, inputs), 'a row that the model refuses').rejects.toThrow('out of data bounds');
    return false;
  }
  const answers = await runOnnx(session, inputs);
  expect(Object.keys(answers).sort()).toEqual([...own.keys()].sort());
  for (const [name, tensor] of own) {
    const answer = answers[name];
    expect(answer?.dims, `shape of ${name}`).toEqual(tensor.shape);
    const got = Array.from(answer?.data as ArrayLike<number | bigint | string>);
    const wanted = elementsOf(tensor);
    const strayed = wanted.findIndex((value, i) => !agree(got[i], value, t));
    expect(got[strayed], `${name}[${strayed}]`).toEqual(wanted[strayed]);
  }
  return true;
}

const text = new TextDecoder('utf-8', { ignoreBOM: true });

const elementsOf = (tensor: Tensor): (number | bigint | string)[] =>
  tensor.datatype === 'BYTES'
    ? tensor.data.map((bytes) => text.decode(bytes))
    : Array.from<number | bigint>(tensor.data);

const agree = (got: number | bigint | string | undefined, wanted: unknown, t: number): boolean =>
  typeof got === 'number' && typeof wanted === 'number'
    ? Object.is(got, wanted) || isClose(got, wanted, t)
    : String(got) === String(wanted);
