import * as Type from 'typebox';
import { Positive, Threshold } from '../../models/decision.ts';
import { ModelFileRefused } from '../../models/errors.ts';
import type { Declaration } from '../../models/formats/format.ts';
import { readJson } from '../../models/formats/text.ts';
import { ImageSpec } from '../../models/image/image-spec.ts';
import { LabelsSchema } from '../../models/labels.ts';
import { Roles } from '../../models/onnx.ts';
import { PLACEMENTS, type Placement } from '../../models/placement.ts';
import { RELEASE_MODES, type ReleaseMode, ReleasePolicy } from '../../models/release-policy.ts';
import { checker } from '../../models/schema.ts';
import { DROP_FILE } from '../http/inbox.ts';

/** The companion `drop.json`: what its model file does not say itself. */
export const DropFile = Type.Object(
  {
    files: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description:
          'All files of the drop: its model file waits a minute for them, and is refused where one never comes.',
      }),
    ),
    features: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    labels: Type.Optional(LabelsSchema),
    kind: Type.Optional(
      Type.String({ minLength: 1, description: 'What the file is held to be: another kind is refused.' }),
    ),
    trees: Type.Optional(
      Type.Literal('all', { description: 'Score with every tree, also those after the best iteration.' }),
    ),
    outputs: Type.Optional(Roles),
    positive: Type.Optional(Positive),
    threshold: Type.Optional(Threshold),
    intendedUse: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    limits: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    image: Type.Optional(ImageSpec),
    target: Type.Optional(
      Type.String({ minLength: 1, description: 'The column of labelled.csv that holds the truth.' }),
    ),
    placement: Type.Optional(
      Type.Unsafe<Placement['placement']>({
        type: 'string',
        enum: PLACEMENTS,
        description:
          'Where an ONNX model runs: in the function (lambda, as if absent), on the GPU endpoint, or, answering jobs only, on one of its own (endpoint-async).',
      }),
    ),
    release: Type.Optional(
      Type.Union([Type.Unsafe<ReleaseMode>({ type: 'string', enum: RELEASE_MODES }), ReleasePolicy], {
        description: "How this version comes into service; the model's own policy where absent.",
      }),
    ),
  },
  { additionalProperties: false },
);

const check = checker(DropFile);

/** What is said of the model, and what of its release. */
export interface DropDeclaration {
  readonly declared: Declaration;
  readonly target?: string;
  readonly release?: ReleasePolicy;
  readonly placement?: Placement['placement'];
}

/** @throws ModelFileRefused */
export function readDropFile(bytes: Uint8Array): DropDeclaration {
  const verdict = check(readJson({ name: DROP_FILE, bytes }), DROP_FILE);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  const { release, target, files, placement, ...declared } = verdict.value;
  return {
    declared,
    ...(files && { files }),
    ...(target !== undefined && { target }),
    ...(placement !== undefined && { placement }),
    ...(release !== undefined && { release: typeof release === 'string' ? { mode: release } : release }),
  };
}
