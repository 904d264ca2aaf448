import { LRUCache } from 'lru-cache';
import { DocumentCorrupt } from '../../adapters/registry/document.ts';
import { BlobCorrupt } from '../../adapters/registry/versions.ts';
import type { LoadedModel, ModelCache } from './model-cache.ts';
import type { Target } from './resolve.ts';

/** Runs `work` with the version that the target names, or with the one that stands in for it: then `target` says so. */
export type Serve = <T>(target: Target, work: (loaded: LoadedModel, target: Target) => Promise<T>) => Promise<T>;

const REMEMBERED_MODELS = 10_000;

/**
 * Serves the version that was asked for. Where its files are damaged in the registry, the last stable version of the
 * model that this process has loaded stands in, marked stale: not for a caller who insists on a version, and never one
 * that was erased.
 */
export function lastGood(models: ModelCache): Serve {
  const served = new LRUCache<string, number>({ max: REMEMBERED_MODELS });

  const serve: Serve = (target, work) =>
    models.use(target.model, target.version, (loaded) => {
      if (target.channel === 'stable') served.set(target.model, target.version);
      return work(loaded, target);
    });

  return async (target, work) => {
    try {
      return await serve(target, work);
    } catch (failure) {
      const version = served.get(target.model);
      if (!isDamage(failure) || version === undefined || !mayStandIn(version, target)) throw failure;
      return serve({ ...target, version, stale: true }, work);
    }
  };
}

const isDamage = (failure: unknown): boolean => failure instanceof BlobCorrupt || failure instanceof DocumentCorrupt;

const mayStandIn = (version: number, { channel, version: damaged, first }: Target): boolean =>
  channel !== 'pinned' && version !== damaged && version >= first;
