import type { NodeProto } from '../onnx_pb.js';
import type { Shape } from './shape.ts';

/** What is known where a node stands. */
export interface Surroundings {
  /** The shape of its i-th input. */
  shape(input: number): Shape | undefined;
  /** The whole numbers of its i-th input, where they do not depend on the model's. */
  numbers(input: number): readonly number[] | undefined;
}

/** The shapes of a node's outputs, as far as they follow. */
export type ShapeRule = (node: NodeProto, at: Surroundings) => readonly (Shape | undefined)[];
