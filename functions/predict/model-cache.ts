import { LRUCache } from 'lru-cache';
import type { Manifest } from '../../models/manifest.ts';
import type { Predictor } from '../../models/predictor.ts';

/** A version in memory, ready to answer. */
export interface LoadedModel {
  readonly manifest: Manifest;
  readonly predictor: Predictor;
  /** What it holds, for the cache's bound. */
  readonly bytes: number;
}

export interface ModelCacheOptions {
  readonly load: (model: string, version: number) => Promise<LoadedModel>;
  readonly maxBytes: number;
}

export interface ModelCache {
  /** Runs `work` with the version loaded; it stays loaded until the work has settled, whatever is evicted meanwhile. */
  use<T>(model: string, version: number, work: (loaded: LoadedModel) => Promise<T>): Promise<T>;
}

interface Slot {
  readonly loaded: LoadedModel;
  leases: number;
  evicted: boolean;
}

interface Flight {
  readonly slot: Promise<Slot>;
  waiters: number;
}

/** Of one model: those that serve, and one to go back to. More are versions that callers insist on, or that served once. */
const MOST_VERSIONS = 4;

/**
 * Loaded versions, bounded in bytes, and in number for each model, least recently used out first; one load for any number
 * of first calls.
 */
export function modelCache({ load, maxBytes }: ModelCacheOptions): ModelCache {
  const flights = new Map<string, Flight>();
  const slots = new LRUCache<string, Slot>({
    maxSize: maxBytes,
    sizeCalculation: ({ loaded }) => Math.max(1, loaded.bytes),
    dispose(slot) {
      slot.evicted = true;
      closeIfIdle(slot);
    },
  });

  const evictOldest = (model: string): void => {
    // From the one used last.
    const versions = [...slots.keys()].filter((key) => key.startsWith(`${model}/`));
    for (const key of versions.slice(MOST_VERSIONS)) slots.delete(key);
  };

  const takeOff = (key: string, model: string, version: number): Flight => {
    const land = (loaded: LoadedModel): Slot => {
      // Leases are counted, and the flight is over, before anybody can evict: no waiter finds its predictor closed.
      flights.delete(key);
      const slot = { loaded, leases: flight.waiters, evicted: false };
      slots.set(key, slot);
      evictOldest(model);
      if (!slots.has(key)) slot.evicted = true;
      return slot;
    };
    const crash = (failure: unknown): never => {
      flights.delete(key);
      throw failure;
    };
    const flight: Flight = { waiters: 0, slot: load(model, version).then(land, crash) };
    flights.set(key, flight);
    return flight;
  };

  const lease = (model: string, version: number): Slot | Promise<Slot> => {
    const key = `${model}/${version}`;
    const slot = slots.get(key);
    if (slot !== undefined) {
      slot.leases += 1;
      return slot;
    }
    const flight = flights.get(key) ?? takeOff(key, model, version);
    flight.waiters += 1;
    return flight.slot;
  };

  return {
    async use(model, version, work) {
      const slot = await lease(model, version);
      try {
        return await work(slot.loaded);
      } finally {
        slot.leases -= 1;
        closeIfIdle(slot);
      }
    },
  };
}

/** What a predictor says while it closes concerns no caller any more. */
function closeIfIdle({ evicted, leases, loaded }: Slot): void {
  if (evicted && leases === 0) loaded.predictor.close().catch(nothing);
}

const nothing = (): void => {};
