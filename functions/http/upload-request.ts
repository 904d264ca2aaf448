import type { Static } from 'typebox';
import * as Type from 'typebox';

/** One file that is about to be uploaded. */
export const UploadRequest = Type.Object(
  {
    file: Type.String({ pattern: '^[^/\\\\\\u0000.][^/\\\\\\u0000]{0,199}$', description: 'Its bare name.' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of its bytes.' }),
  },
  { additionalProperties: false },
);
export type UploadRequest = Static<typeof UploadRequest>;
