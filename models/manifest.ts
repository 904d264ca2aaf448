import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Baseline } from './baseline.ts';
import { Card, Metrics } from './card.ts';
import { Cascade } from './cascade/cascade.ts';
import { Positive, Threshold } from './decision.ts';
import { ModelFileRefused } from './errors.ts';
import { Examples } from './examples.ts';
import { Types } from './features.ts';
import { ImageSpec } from './image/image-spec.ts';
import { LabelsSchema } from './labels.ts';
import { MODEL_NAME } from './model-name.ts';
import { Onnx } from './onnx.ts';
import { Preparation } from './preparation/preparation.ts';
import { Residuals } from './residuals.ts';
import { checker } from './schema.ts';
import { Signature } from './signature.ts';

const sha256 = (description?: string) =>
  Type.String({ pattern: '^[0-9a-f]{64}$', ...(description && { description }) });
const Sha256 = sha256();

const Blob = Type.Object(
  { file: Type.String({ minLength: 1 }), sha256: Sha256, bytes: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
export type Blob = Static<typeof Blob>;

/** What is known of a model before it has a number: what inspection finds in the dropped files. */
const content = {
  format: Type.String(),
  kind: Type.String(),
  features: Type.Array(Type.String(), { minItems: 1 }),
  types: Type.Optional(Types),
  missing: Type.Optional(
    Type.Array(Type.String(), { description: 'Features whose missing values the preparation fills in.' }),
  ),
  labels: Type.Optional(LabelsSchema),
  trees: Type.Optional(Type.Literal('all', { description: 'Also those after the best iteration.' })),
  signature: Signature,
  onnx: Type.Optional(Onnx),
  image: Type.Optional(ImageSpec),
  cascade: Type.Optional(Cascade),
  triton: Type.Optional(sha256('Of the archive that an endpoint serves it from.')),
  placement: Type.Optional(
    Type.Literal('endpoint-async', {
      description: 'Where it runs, if its other fields do not say so: it answers jobs only.',
    }),
  ),
  preparation: Preparation,
  positive: Type.Optional(Positive),
  threshold: Type.Optional(Threshold),
  baseline: Type.Optional(Baseline),
  residuals: Type.Optional(Residuals),
  metrics: Type.Optional(Metrics),
  card: Type.Optional(Card),
  examples: Examples,
  blobs: Type.Array(Blob, { minItems: 1, description: 'The model file first, then its companions.' }),
};

/** An immutable version of a model. Every blob is stored under its SHA-256; `digest` is of all of them together. */
export const Manifest = Type.Object(
  {
    schema: Type.Literal(1),
    model: Type.String({ pattern: MODEL_NAME.source }),
    version: Type.Integer({ minimum: 1 }),
    digest: Sha256,
    createdAt: Type.String(),
    createdBy: Type.String(),
    ...content,
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;

export const ManifestContent = Type.Object(content, { additionalProperties: false });
export type ManifestContent = Static<typeof ManifestContent>;

const check = checker(Manifest);

/** @throws ModelFileRefused where the manifest breaks its schema */
export function parseManifest(value: unknown): Manifest {
  const verdict = check(value, 'manifest');
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  return verdict.value;
}
