import { Type } from 'typebox';
import { ModelFileRefused } from '../../models/errors.ts';
import type { Companions } from '../../models/formats/inspect.ts';
import { readJson } from '../../models/formats/text.ts';
import { LabelsSchema } from '../../models/labels.ts';
import { checker } from '../../models/schema.ts';

/** The companion `drop.json`: what its model file does not say itself. */
export const DropFile = Type.Object(
  {
    features: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    labels: Type.Optional(LabelsSchema),
  },
  { additionalProperties: false },
);

export const DROP_FILE = 'drop.json';
export const EXAMPLES_FILE = 'examples.json';

/** Companions, reports and unfinished uploads start no drop. */
export const startsDrop = (file: string): boolean =>
  file !== DROP_FILE && file !== EXAMPLES_FILE && !/^\.|\.(data|range|part|report\.json)$/.test(file);

const check = checker(DropFile);

/** @throws ModelFileRefused */
export function readDropFile(bytes: Uint8Array): NonNullable<Companions['declared']> {
  const verdict = check(readJson({ name: DROP_FILE, bytes }), DROP_FILE);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  return verdict.value;
}
