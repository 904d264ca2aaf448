import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Canary, Version } from './channel.ts';
import { ReleasePolicy } from './release-policy.ts';

const why = Type.Optional(Type.String({ maxLength: 200, description: 'Goes into the history.' }));
const closed = { additionalProperties: false };

export const StableCommand = Type.Object({ stable: Version, why }, closed);
export const CanaryCommand = Type.Object({ canary: Type.Omit(Canary, ['since', 'judged'], closed), why }, closed);
export const ShadowCommand = Type.Object(
  {
    shadow: Type.Union([Type.Object({ version: Version }, closed), Type.Null()], { description: 'null ends it.' }),
    why,
  },
  closed,
);
export const PolicyCommand = Type.Object({ policy: ReleasePolicy, why }, closed);

/** What the control API takes: one of four moves. */
export const ReleaseCommand = Type.Union([StableCommand, CanaryCommand, ShadowCommand, PolicyCommand]);
export type ReleaseCommand = Static<typeof ReleaseCommand>;

/** Each by the key that tells it apart. */
export const releaseCommands = {
  stable: StableCommand,
  canary: CanaryCommand,
  shadow: ShadowCommand,
  policy: PolicyCommand,
} as const;
