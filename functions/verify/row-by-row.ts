import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { arrays, isFixed, isFloat } from '../../models/datatype.ts';
import { ModeldropError } from '../../models/errors.ts';
import type { CascadeInspection } from '../../models/formats/cascade/inspect-cascade.ts';
import type { OnnxInspection } from '../../models/formats/dropped.ts';
import { seededRandom } from '../../models/learning/random.ts';
import type { Predictor } from '../../models/predictor.ts';
import { isInRows, type TensorSpec } from '../../models/signature.ts';
import { elementCount, type Tensor, type Tensors } from '../../models/tensor.ts';

/** What is proved of an ONNX model, or of a cascade, that is to run on an endpoint: with whether its rows may be batched there. */
export async function withRowsProved<Proved extends OnnxInspection | CascadeInspection>(
  inspection: Proved,
  openOnnx: OpenSession,
): Promise<Proved> {
  const { content } = inspection;
  const { cascade, onnx } = content;
  const predictor = onnxPredictor(cascade?.large.signature ?? content.signature, await openOnnx(inspection.onnx));
  try {
    if (!(await answersRowByRow(predictor))) return inspection;
  } finally {
    await predictor.close();
  }
  const rowByRow = true as const;
  const proved = {
    ...(onnx && { onnx: { ...onnx, rowByRow } }),
    ...(cascade && {
      cascade: { ...cascade, large: { ...cascade.large, onnx: { ...cascade.large.onnx, rowByRow } } },
    }),
  };
  return { ...inspection, content: { ...content, ...proved } };
}

const NEVER = new AbortController().signal;
const [ROWS, SEED] = [3, 1];
/** What a dimension of any size is tried with: the least that has an order, and what convolutions can halve several times. */
const OPEN_SIZES = [2, 64];
/** Kernels sum in another order for other batches. */
const tolerances = { FP16: 1e-2, FP32: 1e-4, FP64: 1e-4 };

/**
 * Whether a model answers each row as it does alone, on three rows of our own making. A sum over the rows, or a recurrence along
 * them, would tell a caller of the rows of those who are in the same batch. False also where it can't be shown.
 */
export async function answersRowByRow(predictor: Predictor): Promise<boolean> {
  if (!isInRows(predictor.signature)) return false;
  for (const size of OPEN_SIZES) {
    try {
      return await isShown(predictor, size);
    } catch (error) {
      if (!(error instanceof ModeldropError)) throw error;
    }
  }
  return false;
}

async function isShown(predictor: Predictor, openSize: number): Promise<boolean> {
  const { next } = seededRandom(SEED);
  const inputs = new Map(predictor.signature.inputs.map((spec) => [spec.name, madeUp(spec, openSize, next)]));
  const together = await predictor.predict(inputs, NEVER);
  for (let row = 0; row < ROWS; row++) {
    const alone = await predictor.predict(rowOf(inputs, row), NEVER);
    const same = Array.from(alone, ([name, tensor]) => isRow(tensor, together.get(name) as Tensor, row));
    if (same.includes(false)) return false;
  }
  return true;
}

function madeUp({ datatype, shape }: TensorSpec, openSize: number, random: () => number): Tensor {
  const size = [ROWS, ...shape.slice(1).map((dimension) => (dimension === -1 ? openSize : dimension))];
  const values = Array.from({ length: elementCount(size) }, random);
  if (!isFixed(datatype)) return { datatype, shape: size, data: values.map((value) => utf8.encode(value.toFixed(3))) };
  const data = new arrays[datatype](values.length);
  // Whole numbers are positions in a vocabulary more often than not: the first two are in each.
  for (const [at, value] of values.entries()) {
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[at] = BigInt(Math.round(value));
    else data[at] = isFloat(datatype) ? value : Math.round(value);
  }
  return { datatype, shape: size, data } as Tensor;
}

const utf8 = new TextEncoder();

const rowOf = (inputs: Tensors, row: number): Tensors =>
  new Map(
    Array.from(inputs, ([name, { datatype, shape, data }]) => {
      const width = elementCount(shape.slice(1));
      const own = data.slice(row * width, (row + 1) * width);
      return [name, { datatype, shape: [1, ...shape.slice(1)], data: own } as Tensor];
    }),
  );

/** Whether a row alone is that row of the batch. */
function isRow(alone: Tensor, batch: Tensor, row: number): boolean {
  const { length } = alone.data;
  if (alone.shape[0] !== 1 || batch.data.length !== ROWS * length) return false;
  const { datatype } = alone;
  const tolerance = isFloat(datatype) ? tolerances[datatype] : 0;
  const isSameAt = (at: number): boolean => isSame(alone.data[at], batch.data[row * length + at], tolerance);
  return Array.from({ length }, (_, at) => at).every(isSameAt);
}

type Element = Tensor['data'][number] | undefined;

function isSame(a: Element, b: Element, tolerance: number): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
  return typeof a === 'object' ? Buffer.compare(a as Uint8Array, b as Uint8Array) === 0 : a === b;
}
