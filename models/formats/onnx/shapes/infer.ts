import type { OnnxFile } from '../decode.ts';
import type { NodeProto, ValueInfoProto } from '../onnx_pb.js';
import { domainOf } from '../operators.ts';
import { foldedNumbers, numbersOf } from './constants.ts';
import { shapeRules } from './rules.ts';
import type { Shape } from './shape.ts';
import type { Surroundings } from './surroundings.ts';

/** A node of the main graph, with the shapes around it as far as they are known for one row. */
export interface Placed {
  readonly node: NodeProto;
  /** Its name in the table of rules: `domain.Name`, bare for ONNX's own. */
  readonly operator: string;
  readonly at: Surroundings;
  readonly outputs: readonly (Shape | undefined)[];
}

/**
 * The shapes of the main graph for one row: the first dimension of every input, and each that has the same name, is 1.
 * What no rule tells stays unknown, unless the file states it.
 */
export function inferShapes({ graph }: OnnxFile): Placed[] {
  const batch = new Set(graph.input.map(batchName).filter((name) => name !== ''));
  const shapes = new Map<string, Shape | undefined>();
  const folded = new Map<string, readonly number[] | undefined>();
  for (const value of [...graph.valueInfo, ...graph.input]) {
    shapes.set(value.name, statedShape(value, batch, graph.input.includes(value)));
  }
  for (const tensor of graph.initializer) {
    shapes.set(tensor.name, tensor.dims.map(Number));
    folded.set(tensor.name, numbersOf(tensor));
  }
  return graph.node.map((node) => {
    const operator = domainOf(node) === '' ? node.opType : `${domainOf(node)}.${node.opType}`;
    const at: Surroundings = {
      shape: (input) => shapes.get(node.input[input] ?? ''),
      numbers: (input) => folded.get(node.input[input] ?? ''),
    };
    const inferred = shapeRules.get(operator)?.(node, at) ?? [];
    const outputs = node.output.map((name, i) => inferred[i] ?? shapes.get(name));
    const [first] = node.output;
    if (first) folded.set(first, foldedNumbers(node, at));
    for (const [i, name] of node.output.entries()) shapes.set(name, outputs[i]);
    return { node, operator, at, outputs };
  });
}

function batchName({ type }: ValueInfoProto): string {
  const first = type?.value.case === 'tensorType' ? type.value.value.shape?.dim[0]?.value : undefined;
  return first?.case === 'dimParam' ? first.value : '';
}

function statedShape({ type }: ValueInfoProto, batch: ReadonlySet<string>, isInput: boolean): Shape | undefined {
  if (type?.value.case !== 'tensorType') return undefined;
  return type.value.value.shape?.dim.map(({ value }, axis) => {
    if (value.case === 'dimValue') return Number(value.value);
    return (isInput && axis === 0) || batch.has(value.value ?? '') ? 1 : -1;
  });
}
