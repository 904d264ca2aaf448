import type { Static } from 'typebox';
import { type Datatype, isFloat } from '../../../models/datatype.ts';
import { MalformedRequest, UnfitInput } from '../../../models/errors.ts';
import type { Manifest } from '../../../models/manifest.ts';
import { BOUNDS, boundSpecs } from '../../../models/residuals.ts';
import { checker } from '../../../models/schema.ts';
import { namesOf, type TensorSpec } from '../../../models/signature.ts';
import type { Tensor, Tensors } from '../../../models/tensor.ts';
import { shapeFromLength, tensorFromBytes, tensorToBytes } from '../../../models/tensor-binary.ts';
import { tensorFromJson, tensorToJson } from '../../../models/tensor-json.ts';
import { type Answer, json } from '../answer.ts';
import { type Call, parseJsonBytes } from '../call.ts';
import type { Decode, Exchange, Outcome } from './exchange.ts';
import { shown, wantedOf } from './explain.ts';
import { levelOf } from './interval.ts';
import { V2Request } from './v2-schema.ts';

type Request = Static<typeof V2Request>;

export const HEADER_LENGTH = 'inference-header-content-length';

const check = checker(V2Request);

/** Open Inference Protocol v2, JSON with or without binary tensors behind it, or one bare tensor. */
export const decodeV2: Decode = (call, manifest) => {
  const body = call.body();
  const stated = call.headers[HEADER_LENGTH];
  const { requestId } = call;
  if (stated === undefined) return exchangeV2(manifest, parseJsonBytes(body), { requestId });
  const length = headerLength(stated, body.length);
  if (length === 0) return bareTensor(call, manifest, body);
  return exchangeV2(manifest, parseJsonBytes(body.subarray(0, length)), { requestId, binary: body.subarray(length) });
};

interface Surroundings {
  /** The answer's id where the request has none. */
  readonly requestId: string;
  /** The binary tensors behind the JSON. */
  readonly binary?: Uint8Array;
  /** How an answer with binary outputs is announced. */
  readonly announce?: Announce;
}

/** A parsed v2 request. */
export function exchangeV2(manifest: Manifest, value: unknown, surroundings: Surroundings): Exchange {
  const { requestId, binary = EMPTY, announce = announceByHeader } = surroundings;
  const verdict = check(value, 'body');
  if (!verdict.ok) throw new MalformedRequest(verdict.breach);
  const request = verdict.value;
  const inputs = readInputs(request, binary, missingIn(manifest));
  const interval = levelOf(request.parameters?.interval);
  const wanted = wantedOutputs(request, manifest, interval);
  return {
    inputs,
    interval,
    explain: wantedOf(request.parameters?.explain, 'parameters.explain'),
    encode: (outcome) => encode(manifest, request.id ?? requestId, wanted, outcome, announce),
  };
}

const EMPTY = new Uint8Array();

function headerLength(stated: string, available: number): number {
  const length = /^\d{1,10}$/.test(stated) ? Number(stated) : Number.NaN;
  if (length <= available) return length;
  throw new MalformedRequest({
    where: 'header Inference-Header-Content-Length',
    rule: `must be a whole number of at most the body's ${available} bytes`,
    found: stated,
  });
}

function bareTensor(call: Call, manifest: Manifest, body: Uint8Array): Exchange {
  const [spec, ...others] = manifest.signature.inputs as [TensorSpec, ...TensorSpec[]];
  if (others.length > 0) {
    throw new UnfitInput({ where: 'body', rule: `must name the inputs ${namesOf(manifest.signature.inputs)}` });
  }
  const shape = shapeFromLength('body', spec.datatype, spec.shape, body.length);
  const inputs = new Map([[spec.name, tensorFromBytes('body', spec.datatype, shape, body)]]);
  const wanted = manifest.signature.outputs.map((output) => ({ spec: output, binary: false }));
  return { inputs, encode: (outcome) => encode(manifest, call.requestId, wanted, outcome, announceByHeader) };
}

type TakesMissing = (datatype: Datatype) => boolean;

/** Whether a null is a missing value that the model may take is the model's to say, feature by feature; to ONNX, it is NaN. */
const missingIn = ({ onnx, missing }: Manifest): TakesMissing => (onnx ? isFloat : () => missing !== undefined);

function readInputs(request: Request, binary: Uint8Array, takesMissing: TakesMissing): Tensors {
  const inputs = new Map<string, Tensor>();
  let at = 0;
  request.inputs.forEach((input, i) => {
    const where = `inputs[${i}]`;
    if (inputs.has(input.name)) {
      throw new MalformedRequest({ where: `${where}.name`, rule: 'must be named once', found: input.name });
    }
    const size = binarySize(input, where, binary.length - at);
    if (size === undefined) {
      const { name, datatype, shape, data } = input;
      inputs.set(name, tensorFromJson(`${where}.data`, datatype, shape, data, takesMissing(datatype)));
      return;
    }
    inputs.set(input.name, tensorFromBytes(where, input.datatype, input.shape, binary.subarray(at, at + size)));
    at += size;
  });
  if (at !== binary.length) {
    throw new MalformedRequest({
      where: 'body',
      rule: `must end with the ${at} bytes that binary_data_size states`,
      found: binary.length,
    });
  }
  return inputs;
}

function binarySize(input: Request['inputs'][number], where: string, left: number): number | undefined {
  const size = input.parameters?.binary_data_size;
  if (size === undefined) return undefined;
  const place = `${where}.parameters.binary_data_size`;
  if (input.data !== undefined) throw new MalformedRequest({ where: place, rule: 'must not come beside data' });
  if (!Number.isInteger(size) || (size as number) < 0 || (size as number) > left) {
    throw new MalformedRequest({ where: place, rule: `must be a whole number of at most ${left} bytes`, found: size });
  }
  return size as number;
}

interface Wanted {
  readonly spec: TensorSpec;
  readonly binary: boolean;
}

/** The outputs that are named, or all; and the bounds of an interval that is asked for, named or not. */
function wantedOutputs(
  { outputs = [], parameters }: Request,
  { signature }: Manifest,
  interval: number | undefined,
): Wanted[] {
  const byDefault = flag(parameters, 'binary_data_output', 'parameters') ?? false;
  const bounds = interval === undefined ? [] : boundSpecs(interval);
  const all = [...signature.outputs, ...bounds];
  if (outputs.length === 0) return all.map((spec) => ({ spec, binary: byDefault }));
  const names = new Set<string>();
  const named = outputs.map((output, i) => {
    const where = `outputs[${i}]`;
    if (names.has(output.name)) {
      throw new MalformedRequest({ where: `${where}.name`, rule: 'must be named once', found: output.name });
    }
    names.add(output.name);
    const spec = all.find(({ name }) => name === output.name);
    if (spec === undefined) {
      throw new UnfitInput({
        where: `${where}.name`,
        rule: `must be one of ${namesOf(all)}${isBound(output.name) ? '; it comes with "parameters": {"interval": 0.9}' : ''}`,
        found: output.name,
      });
    }
    return { spec, binary: flag(output.parameters, 'binary_data', `${where}.parameters`) ?? byDefault };
  });
  const rest = bounds.filter(({ name }) => !names.has(name));
  return [...named, ...rest.map((spec) => ({ spec, binary: byDefault }))];
}

const isBound = (name: string): boolean => (BOUNDS as readonly string[]).includes(name);

function flag(parameters: Record<string, unknown> | undefined, name: string, where: string): boolean | undefined {
  const value = parameters?.[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new MalformedRequest({ where: `${where}.${name}`, rule: 'must be true or false', found: value });
}

/** The headers of an answer whose JSON is followed by binary tensors. */
type Announce = (jsonBytes: number) => Readonly<Record<string, string>>;

const announceByHeader: Announce = (jsonBytes) => ({
  'content-type': 'application/octet-stream',
  [HEADER_LENGTH]: String(jsonBytes),
});

function parametersOf({ outside, explanations }: Outcome): { parameters?: Record<string, unknown> } {
  const parameters = {
    ...(outside.length > 0 && { outside }),
    ...(explanations && { explanations: shown(explanations) }),
  };
  return Object.keys(parameters).length > 0 ? { parameters } : {};
}

function encode(
  manifest: Manifest,
  id: string,
  wanted: readonly Wanted[],
  outcome: Outcome,
  announce: Announce,
): Answer {
  const tails: Uint8Array[] = [];
  const outputs = wanted.map(({ spec, binary }) => {
    const tensor = outcome.outputs.get(spec.name) as Tensor;
    const head = { name: spec.name, shape: tensor.shape, datatype: tensor.datatype };
    if (!binary) {
      return {
        ...head,
        ...(spec.parameters && { parameters: spec.parameters }),
        data: tensorToJson(spec.name, tensor),
      };
    }
    const bytes = tensorToBytes(tensor);
    tails.push(bytes);
    return { ...head, parameters: { ...spec.parameters, binary_data_size: bytes.length } };
  });
  const response = {
    model_name: manifest.model,
    model_version: String(manifest.version),
    id,
    ...parametersOf(outcome),
    outputs,
  };
  if (tails.length === 0) return json(response);
  const header = Buffer.from(JSON.stringify(response));
  return { status: 200, headers: announce(header.length), body: Buffer.concat([header, ...tails]) };
}
