import type { Static } from 'typebox';
import * as Type from 'typebox';

export const RELEASE_MODES = ['direct', 'canary', 'shadow', 'manual'] as const;
export type ReleaseMode = (typeof RELEASE_MODES)[number];

/** What a canary is held to before it is judged worth all requests. */
export const canaryTerms = {
  weight: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 100, description: 'Percent of the requests.' }),
  bakeMinutes: Type.Number({ minimum: 0, maximum: 43_200, description: 'It is not promoted sooner.' }),
  minimumRequests: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'It is not promoted with fewer.' }),
};

/** How new versions of a model come into service. */
export const ReleasePolicy = Type.Object(
  {
    mode: Type.Unsafe<ReleaseMode>({
      type: 'string',
      enum: RELEASE_MODES,
      description:
        'direct: all requests at once; canary: some requests, until it is judged; ' +
        'shadow: copies of requests, whose answers nobody sees; manual: none until somebody releases it.',
    }),
    weight: Type.Optional(canaryTerms.weight),
    bakeMinutes: Type.Optional(canaryTerms.bakeMinutes),
    minimumRequests: Type.Optional(canaryTerms.minimumRequests),
  },
  { additionalProperties: false },
);
export type ReleasePolicy = Static<typeof ReleasePolicy>;

/** Of a model that states none. */
export const DIRECT: ReleasePolicy = { mode: 'direct' };

/** What a canary is held to where its policy does not say. */
export const CANARY_TERMS = { weight: 10, bakeMinutes: 30, minimumRequests: 100 } as const;
