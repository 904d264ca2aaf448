import * as Type from 'typebox';
import { ModelFileRefused } from '../../models/errors.ts';
import type { Declaration } from '../../models/formats/format.ts';
import { readJson } from '../../models/formats/text.ts';
import { LabelsSchema } from '../../models/labels.ts';
import { checker } from '../../models/schema.ts';
import { DROP_FILE } from '../http/inbox.ts';

/** The companion `drop.json`: what its model file does not say itself. */
export const DropFile = Type.Object(
  {
    features: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    labels: Type.Optional(LabelsSchema),
  },
  { additionalProperties: false },
);

const check = checker(DropFile);

/** @throws ModelFileRefused */
export function readDropFile(bytes: Uint8Array): Declaration {
  const verdict = check(readJson({ name: DROP_FILE, bytes }), DROP_FILE);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  return verdict.value;
}
