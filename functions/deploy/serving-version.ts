import { readChannel } from '../../adapters/registry/channels.ts';
import { DocumentCorrupt } from '../../adapters/registry/document.ts';
import { readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { LostVersion, ServingVersion } from '../http/verification.ts';

/** The stable version of a model, as a verification needs it; undefined where none serves. */
export async function servingVersion(
  registry: Store,
  model: string,
): Promise<ServingVersion | LostVersion | undefined> {
  const stable = await stableOf(registry, model);
  if (stable === undefined) return undefined;
  try {
    const manifest = await readManifest(registry, model, stable);
    if (manifest === undefined) return lost(stable);
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
    if (error instanceof DocumentCorrupt) return lost(stable);
    throw error;
  }
}

/** A damaged channel stops the release anyway. */
async function stableOf(registry: Store, model: string): Promise<number | undefined> {
  return (await readChannel(registry, model))?.stable;
}

const lost = (version: number): LostVersion => ({ version, why: 'its manifest in the registry is damaged or missing' });
