import { attributeOf, intOf, intsOf } from '../attributes.ts';
import type { NodeProto } from '../onnx_pb.js';
import { axisOf, broadcast, count, isKnown, type Shape } from './shape.ts';
import type { ShapeRule, Surroundings } from './surroundings.ts';

/** Axes are an attribute in older opsets, an input in newer ones. */
const axesOf = (node: NodeProto, { numbers }: Surroundings): readonly number[] | undefined =>
  intsOf(node, 'axes') ?? numbers(1);

export const flatten: ShapeRule = (node, { shape }) => {
  const input = shape(0);
  if (input === undefined) return [];
  const axis = axisOf(intOf(node, 'axis', 1), input.length);
  return [[input.slice(0, axis), input.slice(axis)].map((part) => (isKnown(part) ? count(part) : -1))];
};

export const reshape: ShapeRule = (node, { shape, numbers }) => {
  const wanted = numbers(1) ?? intsOf(node, 'shape');
  const input = shape(0);
  if (wanted === undefined || input === undefined) return [];
  const keepsZero = intOf(node, 'allowzero', 0) === 0;
  const sizes = wanted.map((size, axis) => (size === 0 && keepsZero ? (input[axis] ?? -1) : size));
  const rest = sizes.filter((size) => size !== -1);
  const free = isKnown(input) && rest.length === sizes.length - 1 ? count(input) / count(rest) : -1;
  return [sizes.map((size) => (size === -1 && Number.isInteger(free) ? free : size))];
};

export const transpose: ShapeRule = (node, { shape }) => {
  const input = shape(0);
  if (input === undefined) return [];
  const order = intsOf(node, 'perm') ?? input.map((_, axis) => input.length - 1 - axis);
  return [order.map((axis) => input[axis] ?? -1)];
};

export const concat: ShapeRule = (node, { shape }) => {
  const shapes = node.input.map((_, i) => shape(i));
  const [first] = shapes;
  if (first === undefined || shapes.some((known) => known === undefined)) return [];
  const axis = axisOf(intOf(node, 'axis', 0), first.length);
  const sizes = shapes.map((known) => known?.[axis] ?? -1);
  const joined = isKnown(sizes) ? sizes.reduce((sum, size) => sum + size, 0) : -1;
  return [first.map((size, i) => (i === axis ? joined : size))];
};

export const squeeze: ShapeRule = (node, at) => {
  const input = at.shape(0);
  if (input === undefined) return [];
  const axes = axesOf(node, at)?.map((axis) => axisOf(axis, input.length));
  return [input.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1))];
};

export const unsqueeze: ShapeRule = (node, at) => {
  const [input, axes] = [at.shape(0), axesOf(node, at)];
  if (input === undefined || axes === undefined) return [];
  const rank = input.length + axes.length;
  const added = new Set(axes.map((axis) => axisOf(axis, rank)));
  const rest = [...input];
  return [Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? -1)))];
};

export const gather: ShapeRule = (node, { shape }) => {
  const [input, indices] = [shape(0), shape(1)];
  if (input === undefined || indices === undefined) return [];
  const axis = axisOf(intOf(node, 'axis', 0), input.length);
  return [[...input.slice(0, axis), ...indices, ...input.slice(axis + 1)]];
};

export const reduce: ShapeRule = (node, at) => {
  const input = at.shape(0);
  if (input === undefined) return [];
  const axes = axesOf(node, at)?.map((axis) => axisOf(axis, input.length)) ?? input.map((_, axis) => axis);
  return [reduced(input, axes, intOf(node, 'keepdims', 1) === 1)];
};

export const best: ShapeRule = (node, { shape }) => {
  const input = shape(0);
  if (input === undefined) return [];
  return [reduced(input, [axisOf(intOf(node, 'axis', 0), input.length)], intOf(node, 'keepdims', 1) === 1)];
};

const reduced = (input: Shape, axes: readonly number[], keep: boolean): Shape =>
  input.flatMap((size, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [size]));

export const constantOfShape: ShapeRule = (_, { numbers }) => [numbers(0)];

export const expand: ShapeRule = (_, { shape, numbers }) => {
  const [input, wanted] = [shape(0), numbers(1)];
  return [input && wanted && broadcast(input, wanted)];
};

export const tile: ShapeRule = (_, { shape, numbers }) => {
  const [input, repeats] = [shape(0), numbers(1)];
  return [repeats && input?.map((size, axis) => (size < 0 ? -1 : size * (repeats[axis] ?? 1)))];
};

export const constant: ShapeRule = (node) => {
  const value = attributeOf(node, 'value')?.t;
  if (value !== undefined) return [value.dims.map(Number)];
  const list = ['value_ints', 'value_floats', 'value_strings'].map((name) => attributeOf(node, name)).find(Boolean);
  if (list === undefined) return [[]];
  return [[list.ints.length + list.floats.length + list.strings.length]];
};
