import { expect } from 'vitest';
import { expectClose } from '../closeness.ts';
import type { Reply } from './house.ts';

interface Output {
  readonly name: string;
  readonly shape: number[];
  readonly datatype: string;
  readonly data: number[];
  readonly parameters?: Record<string, unknown>;
}

export interface V2Body {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters?: Record<string, unknown>;
  readonly outputs: Output[];
}

/** An answer of v2, and its outputs by name. */
export function v2Of(reply: Reply): V2Body & { readonly by: Record<string, Output> } {
  expect(reply.status, reply.text.slice(0, 300)).toBe(200);
  const body = reply.json as V2Body;
  return { ...body, by: Object.fromEntries(body.outputs.map((output) => [output.name, output])) };
}

export interface Labelled {
  readonly label: number;
  readonly probabilities: Record<string, number>;
}

/** The predictions of V1 and MLflow. */
export function predictionsOf<T = number>(reply: Reply): T[] {
  expect(reply.status, reply.text.slice(0, 300)).toBe(200);
  return (reply.json as { predictions: T[] }).predictions;
}

/** Answers that must be the reference's: numbers by closeness, labels exactly, which closeness of integers is too. */
export const expectPredictions = (reply: Reply, expected: readonly number[]): void =>
  expectClose(predictionsOf(reply), expected);

export const errorOf = (reply: Reply): string => (reply.json as { error: string }).error;
