import { intOf, textOf } from './attributes.ts';
import type { OnnxFile } from './decode.ts';
import type { NodeProto } from './onnx_pb.js';
import { inferShapes, type Placed } from './shapes/infer.ts';
import { learnedProducts } from './shapes/products.ts';
import { count, isKnown, type Shape } from './shapes/shape.ts';
import { MOST_ELEMENTS, tooLarge } from './tensor-size.ts';
import { nodesOf, subgraphsOf } from './walk.ts';

export interface Work {
  /** Multiply-adds of one row, of the nodes that could be counted. */
  readonly multiplyAdds: number;
  /** The other nodes that multiply: their shapes depend on the input, or they run we don't know how often. */
  readonly uncounted: readonly string[];
}

/** How much a node multiplies; undefined where its shapes are not known. */
type Cost = (placed: Placed) => number | undefined;

const GATES: Readonly<Record<string, number>> = { RNN: 1, GRU: 3, LSTM: 4 };

/** Each output element is a sum over one receptive field. */
const convolution: Cost = ({ at, outputs: [output] }) => times(output, at.shape(1)?.slice(1));

/** Each input element is spread by the weights of its channel. */
const transposed: Cost = ({ at }) => times(at.shape(0), at.shape(1)?.slice(1));

const gemm: Cost = ({ node, at, outputs: [output] }) =>
  times(output, at.shape(0)?.slice(...(intOf(node, 'transA', 0) === 1 ? [0, 1] : [1, 2])));

const matMul: Cost = ({ at, outputs: [output] }) => times(output, at.shape(0)?.slice(-1));

const recurrent: Cost = ({ node, at }) => {
  const [input, weight, recurrence] = [at.shape(0), at.shape(1), at.shape(2)];
  if (!isKnown(input) || !isKnown(weight) || !isKnown(recurrence)) return undefined;
  const directions = textOf(node, 'direction') === 'bidirectional' ? 2 : 1;
  const hidden = recurrence[2] ?? 0;
  const perStep = hidden * ((weight[2] ?? 0) + hidden) * (GATES[node.opType] ?? 1);
  return count(input.slice(0, 2)) * directions * perStep;
};

const learned =
  (...attributes: readonly string[]): Cost =>
  ({ node, at }) => {
    const [rows] = at.shape(0) ?? [];
    return rows === undefined || rows < 0 ? undefined : rows * learnedProducts(attributes)(node);
  };

const nothing: Cost = () => 0;
const unknown: Cost = () => undefined;

const costs: ReadonlyMap<string, Cost> = new Map([
  ['Conv', convolution],
  ['ConvTranspose', transposed],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['RNN', recurrent],
  ['GRU', recurrent],
  ['LSTM', recurrent],
  ['ai.onnx.ml.LinearClassifier', learned('coefficients')],
  ['ai.onnx.ml.LinearRegressor', learned('coefficients')],
  ['ai.onnx.ml.SVMClassifier', learned('support_vectors', 'coefficients')],
  ['ai.onnx.ml.SVMRegressor', learned('support_vectors', 'coefficients')],
  ...['ConvInteger', 'QLinearConv', 'MatMulInteger', 'QLinearMatMul', 'Einsum', 'DeformConv', 'Attention', 'DFT'].map(
    (name) => [name, unknown] as const,
  ),
]);

const costOf = (operator: string): Cost =>
  costs.get(operator) ?? (operator.startsWith('com.microsoft.') ? unknown : nothing);

/** @throws ModelFileRefused for a tensor that would outgrow the machine at the first row */
export function workOf(model: OnnxFile, file: string): Work {
  let multiplyAdds = 0;
  const uncounted: string[] = [];
  for (const placed of inferShapes(model)) {
    checkOutputs(placed, file);
    const cost = costOf(placed.operator)(placed);
    if (cost === undefined) uncounted.push(nameOf(placed.node, placed.operator));
    else multiplyAdds += cost;
  }
  return { multiplyAdds, uncounted: [...uncounted, ...inside(model)] };
}

function checkOutputs({ node, outputs }: Placed, file: string): void {
  for (const [i, shape] of outputs.entries()) {
    if (isKnown(shape) && count(shape) > MOST_ELEMENTS)
      throw tooLarge(`${file}: tensor "${node.output[i]}"`, count(shape));
  }
}

/** What multiplies inside loops, branches and functions. */
function inside(model: OnnxFile): string[] {
  const outer = new Set(model.graph.node);
  return [...nodesOf(model)].flatMap(({ part }) =>
    !outer.has(part) && subgraphsOf(part, '').length === 0 && costs.has(part.opType) ? [nameOf(part, part.opType)] : [],
  );
}

const nameOf = ({ name }: NodeProto, operator: string): string => (name ? `${operator} ${name}` : operator);

const times = (a: Shape | undefined, b: Shape | undefined): number | undefined =>
  isKnown(a) && isKnown(b) ? count(a) * count(b) : undefined;
