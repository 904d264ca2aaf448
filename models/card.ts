import type { Static } from 'typebox';
import * as Type from 'typebox';

const Scores = Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]));

const Intervals = Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }));

/** Metrics by lower-case name: on held-back rows with their 95 % intervals, on training rows, and of the baseline predictor. */
export const Metrics = Type.Object(
  {
    test: Type.Optional(Scores),
    train: Type.Optional(Scores),
    baseline: Type.Optional(Scores),
    intervals: Type.Optional(Intervals),
    reasons: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Why a figure is null, by `test.mape` and the like.' }),
    ),
  },
  { additionalProperties: false },
);
export type Metrics = Static<typeof Metrics>;

/** What a reader should know before relying on a model. */
export const Card = Type.Object(
  {
    intendedUse: Type.Optional(Type.String()),
    limits: Type.Optional(Type.String()),
    target: Type.Optional(Type.String()),
    data: Type.Optional(
      Type.Object({
        name: Type.String(),
        sha256: Type.String(),
        rows: Type.Integer(),
        license: Type.Optional(Type.String()),
      }),
    ),
    split: Type.Optional(Type.String()),
    seed: Type.Optional(Type.Integer({ description: 'Of every draw.' })),
    algorithm: Type.Optional(Type.String()),
    threshold: Type.Optional(Type.String({ description: 'Where the threshold comes from.' })),
    verdict: Type.Optional(Type.String({ description: 'Whether it beats guessing, and by how much.' })),
  },
  { additionalProperties: false },
);
export type Card = Static<typeof Card>;
