import type { Static } from 'typebox';
import * as Type from 'typebox';
import { canaryTerms, ReleasePolicy } from './release-policy.ts';

export const Version = Type.Integer({ minimum: 1 });

/** A version that answers some of the requests until it is judged. */
export const Canary = Type.Object(
  {
    version: Version,
    weight: canaryTerms.weight,
    since: Type.String(),
    bakeMinutes: Type.Optional(canaryTerms.bakeMinutes),
    minimumRequests: Type.Optional(canaryTerms.minimumRequests),
    judged: Type.Optional(
      Type.Object(
        {
          at: Type.String(),
          why: Type.String(),
          looks: Type.Integer({ minimum: 0, description: 'How often it was tested.' }),
          seen: Type.Integer({ minimum: 0, description: 'Its requests at the last test.' }),
        },
        { additionalProperties: false, description: 'Why it is held, when it was last looked at.' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type Canary = Static<typeof Canary>;

/** A version that sees copies of requests, and whose answers nobody sees. */
const Shadow = Type.Object({ version: Version, since: Type.String() }, { additionalProperties: false });

const Entry = Type.Object({
  at: Type.String(),
  by: Type.String(),
  action: Type.String(),
  why: Type.Optional(Type.String()),
  stable: Type.Optional(Version),
  canary: Type.Optional(Version),
  shadow: Type.Optional(Version),
});

/** Which versions of a model are in service: the one pointer that every request follows. */
export const Channel = Type.Object(
  {
    schema: Type.Literal(1),
    model: Type.String(),
    /** Absent once the model is deleted. */
    stable: Type.Optional(Version),
    canary: Type.Optional(Canary),
    shadow: Type.Optional(Shadow),
    /** How versions that are dropped come into service. */
    policy: Type.Optional(ReleasePolicy),
    /** Stable versions before this one, newest last: the way back of a rollback. */
    previous: Type.Array(Version),
    /** The lowest number still alive; deletion raises it, and what is below is never served again. */
    first: Version,
    /** No version below this number will be published again. */
    next: Version,
    history: Type.Array(Entry),
  },
  { additionalProperties: false },
);
export type Channel = Static<typeof Channel>;
