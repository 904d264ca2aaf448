import { readChannel } from '../../adapters/registry/channels.ts';
import { DocumentCorrupt } from '../../adapters/registry/document.ts';
import { readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { ServingVersion } from '../http/verification.ts';

/** The stable version of a model, as a verification needs it; undefined where none serves, or its manifest is damaged. */
export async function servingVersion(registry: Store, model: string): Promise<ServingVersion | undefined> {
  try {
    const stable = (await readChannel(registry, model))?.stable;
    const manifest = stable === undefined ? undefined : await readManifest(registry, model, stable);
    if (manifest === undefined) return undefined;
    const {
      version,
      format,
      features,
      types,
      missing,
      labels,
      trees,
      positive,
      threshold,
      signature,
      onnx,
      cascade,
      blobs,
    } = manifest;
    return {
      version,
      format,
      features,
      signature,
      blobs,
      ...(types && { types }),
      ...(missing && { missing }),
      ...(onnx && { onnx }),
      ...(cascade && { cascade }),
      ...(labels && { labels }),
      ...(trees && { trees }),
      ...(positive !== undefined && { positive }),
      ...(threshold !== undefined && { threshold }),
    };
  } catch (error) {
    if (error instanceof DocumentCorrupt) return undefined;
    throw error;
  }
}
