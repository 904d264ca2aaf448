import type { Static } from 'typebox';
import * as Type from 'typebox';
import { KeyGrant } from '../../adapters/registry/keys.ts';

/** What `POST /v1/keys` takes: a grant, with the caller's tenant where none is named. */
export const KeyRequest = Type.Object(
  { ...KeyGrant.properties, tenant: Type.Optional(KeyGrant.properties.tenant) },
  { additionalProperties: false },
);
export type KeyRequest = Static<typeof KeyRequest>;
