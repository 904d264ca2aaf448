import { ModelFileRefused } from '../errors.ts';
import type { ImageSpec } from '../image/image-spec.ts';
import type { NativeModel } from '../native.ts';
import type { Roles } from '../onnx.ts';
import { distinct } from './distinct.ts';

/** A file as it was dropped. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a drop states beside its model file; it wins over what the file says. */
export interface Declaration {
  /** What the file is held to be: another kind is refused. */
  readonly kind?: string;
  readonly features?: readonly string[];
  readonly labels?: readonly (string | number | boolean)[];
  /** Score with every tree, also those after the best iteration. */
  readonly trees?: 'all';
  /** What the outputs of a classifier in ONNX mean. */
  readonly outputs?: Roles;
  /** What svm-scale wrote of the training table. */
  readonly range?: ModelFile;
  /** Of two labels the one that is looked for, and from which probability on it is answered. */
  readonly positive?: string | number;
  readonly threshold?: number;
  /** How an image becomes a row. */
  readonly image?: ImageSpec;
  /** For the card. */
  readonly intendedUse?: string;
  readonly limits?: string;
}

/** One way to write a model down. */
export interface Format {
  readonly name: string;
  /** Whether these bytes are of this format, whatever the file is called. Cheap, and never throws. */
  recognises(bytes: Uint8Array): boolean;
  /** @throws ModelFileRefused naming file, place, rule and value */
  read(file: ModelFile, declared: Declaration): NativeModel;
}

/**
 * The declared names, which must be as many as the file has, or the file's own.
 * @throws ModelFileRefused where their number differs, or a name comes twice
 */
export function declaredOr<T extends string | number | boolean>(
  what: 'features' | 'labels',
  declared: readonly T[] | undefined,
  stated: readonly T[],
  where: string,
): readonly T[] {
  if (declared !== undefined && declared.length !== stated.length) {
    const rule = `must name the ${stated.length} ${what} of the model`;
    throw new ModelFileRefused({ where: `drop.json.${what}`, rule, found: declared });
  }
  return distinct(declared ?? stated, declared ? `drop.json.${what}` : where);
}

/** @throws ModelFileRefused where labels are declared for a model that predicts numbers */
export function noLabels({ labels }: Declaration): undefined {
  if (labels === undefined) return undefined;
  const rule = 'must be absent: the model predicts numbers';
  throw new ModelFileRefused({ where: 'drop.json.labels', rule, found: labels });
}
