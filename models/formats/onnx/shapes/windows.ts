import { intOf, intsOf, textOf } from '../attributes.ts';
import type { NodeProto } from '../onnx_pb.js';
import type { Shape } from './shape.ts';
import type { ShapeRule } from './surroundings.ts';

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** All beginnings, then all ends. */
  readonly pads: readonly number[];
}

function windowOf(node: NodeProto, kernel: readonly number[]): Window {
  const ones = kernel.map(() => 1);
  return {
    kernel,
    strides: intsOf(node, 'strides') ?? ones,
    dilations: intsOf(node, 'dilations') ?? ones,
    pads: intsOf(node, 'pads') ?? [...kernel, ...kernel].map(() => 0),
  };
}

/** Positions of a sliding window along each axis. @see https://onnx.ai/onnx/operators/onnx__Conv.html */
function slide(node: NodeProto, sizes: Shape, { kernel, strides, dilations, pads }: Window): number[] {
  const same = /^SAME/.test(textOf(node, 'auto_pad') ?? '');
  const round = intOf(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  return sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    if (size < 0) return -1;
    if (same) return Math.ceil(size / stride);
    const extent = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const padded = size + (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    return Math.max(0, round((padded - extent) / stride) + 1);
  });
}

export const convolution: ShapeRule = (node, { shape }) => {
  const [input, weight] = [shape(0), shape(1)];
  if (input === undefined || weight === undefined) return [];
  const [batch = -1, , ...sizes] = input;
  const [channels = -1, , ...kernel] = weight;
  return [[batch, channels, ...slide(node, sizes, windowOf(node, kernel))]];
};

export const pooling: ShapeRule = (node, { shape }) => {
  const [input, kernel] = [shape(0), intsOf(node, 'kernel_shape')];
  if (input === undefined || kernel === undefined) return [];
  const [batch = -1, channels = -1, ...sizes] = input;
  const pooled = [batch, channels, ...slide(node, sizes, windowOf(node, kernel))];
  return [pooled, pooled];
};

export const globalPooling: ShapeRule = (_, { shape }) => {
  const input = shape(0);
  return input ? [input.map((size, axis) => (axis < 2 ? size : 1))] : [];
};
