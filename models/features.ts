import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from './errors.ts';
import type { ColumnType } from './frame.ts';
import type { Onnx } from './onnx.ts';
import type { Signature } from './signature.ts';

/** The features that are texts; all others are numbers. */
export const Types = Type.Record(Type.String(), Type.Literal('text'), {
  description: 'Features that are texts, by name: all others are numbers.',
});
export type Types = Static<typeof Types>;

/** A feature as a caller sends it. */
export interface Feature {
  readonly name: string;
  readonly type: ColumnType;
}

/** @throws ModelFileRefused where a type is of no feature */
export function featuresOf(names: readonly string[], types: Types | undefined, where: string): Feature[] {
  const stray = Object.keys(types ?? {}).find((name) => !names.includes(name));
  if (stray !== undefined) throw new ModelFileRefused({ where, rule: 'must name features', found: stray });
  return names.map((name) => ({ name, type: types && Object.hasOwn(types, name) ? 'text' : 'number' }));
}

/** The types that are worth stating; undefined where every feature is a number. */
export function typesOf(features: readonly Feature[]): Types | undefined {
  const texts = features.filter(({ type }) => type === 'text');
  return texts.length === 0 ? undefined : Object.fromEntries(texts.map(({ name }) => [name, 'text' as const]));
}

/** What a model takes, as its manifest states it. */
export interface Intake {
  readonly features: readonly string[];
  readonly types?: Types;
  /** Features whose missing values the preparation fills in. */
  readonly missing?: readonly string[];
  /** Where the inputs are not of our own making, but the model's. */
  readonly onnx?: Pick<Onnx, 'layout'>;
  /** Of the model's own inputs, where rows become tensors by their names. */
  readonly signature?: Signature;
}
