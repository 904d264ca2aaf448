import type { Example } from './examples.ts';
import type { Tensor, Tensors } from './tensor.ts';
import { NotInJson, tensorToJson } from './tensor-json.ts';

/** The first place in which a model does not answer a golden example as it should. */
export interface Deviation {
  readonly output: string;
  readonly index: number;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Where the example states none: by what the output can hold. */
const toleranceOf = (tensor: Tensor | undefined): number =>
  ({ FP32: 1e-5, FP16: 1e-2 })[tensor?.datatype as string] ?? 1e-9;

/** Compares by |got - expected| <= tolerance max(1, |expected|); labels exactly. Undefined where all agree. */
export function deviation({ outputs, tolerance }: Example, answered: Tensors): Deviation | undefined {
  const expectations = Array.isArray(outputs) ? { predict: outputs } : outputs;
  for (const [output, values] of Object.entries(expectations)) {
    const expected = values.flat(Number.POSITIVE_INFINITY);
    const got = elementsOf(output, answered);
    const most = tolerance ?? toleranceOf(answered.get(output));
    for (let index = 0; index < Math.max(expected.length, got.length); index++) {
      if (!agrees(expected[index], got[index], most)) {
        return { output, index, expected: expected[index], got: got[index] };
      }
    }
  }
  return undefined;
}

function elementsOf(output: string, answered: Tensors): unknown[] {
  const tensor = answered.get(output);
  if (tensor === undefined) return [];
  try {
    return tensorToJson(output, tensor);
  } catch (error) {
    if (error instanceof NotInJson) return [error.facts.why];
    throw error;
  }
}

const agrees = (expected: unknown, got: unknown, tolerance: number): boolean =>
  typeof expected === 'number' && typeof got === 'number'
    ? Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected))
    : expected === got;
