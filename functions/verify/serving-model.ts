import { sha256 } from '../../adapters/registry/sha256.ts';
import { ModeldropError } from '../../models/errors.ts';
import { load } from '../../models/formats/load.ts';
import type { Blob } from '../../models/manifest.ts';
import type { NativeModel } from '../../models/native.ts';
import { isRange } from '../http/inbox.ts';
import type { VerifyRequest } from '../http/verification.ts';

/** The version that serves, ready to be asked beside a new one; or why it can't be. */
export type ServingModel = { readonly version: number } & ({ readonly model: NativeModel } | { readonly why: string });

/** A serving version that is damaged keeps no new one from taking its place. */
export async function servingModel(
  read: (url: string) => Promise<Uint8Array>,
  { version, url }: NonNullable<VerifyRequest['serving']>,
): Promise<ServingModel> {
  if (version.blobs.some(({ file }) => isRange(file)))
    return { version: version.version, why: 'its .range file is not read here' };
  if (version.format === 'onnx')
    return { version: version.version, why: 'it is an ONNX model, which is not asked here' };
  const bytes = await read(url);
  if (sha256(bytes) !== (version.blobs[0] as Blob).sha256)
    return { version: version.version, why: 'its file in the registry is damaged' };
  try {
    return { version: version.version, model: load(version, bytes) };
  } catch (error) {
    if (!(error instanceof ModeldropError)) throw error;
    return { version: version.version, why: error.message };
  }
}
