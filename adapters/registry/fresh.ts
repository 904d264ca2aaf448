import { LRUCache } from 'lru-cache';
import type { StoreReader } from '../store/store.ts';
import { decodeAt } from './document.ts';

/** A document as this process knows it. */
export interface View<T> {
  /** Undefined where there is no such document. */
  readonly value: T | undefined;
  /** The store failed: this is the last good one. */
  readonly stale: boolean;
  /** A revalidation that runs beside the request. Await it before answering: nothing runs after a Lambda's answer. */
  readonly beside?: Promise<void>;
}

export interface FreshnessOptions {
  readonly store: StoreReader;
  /** Wall-clock milliseconds: a frozen sandbox's monotonic clock stands still. */
  readonly now: () => number;
  /** Used unasked while younger. */
  readonly freshFor?: number;
  /** Used while its revalidation runs beside; older, the revalidation comes first. */
  readonly revalidateWithin?: number;
  /** How long the last good one serves while the store fails. */
  readonly staleFor?: number;
  /** How long an absence is believed. */
  readonly absentFor?: number;
  readonly entries?: number;
}

interface Entry<T> {
  readonly value: T | undefined;
  readonly etag: string | undefined;
  readonly checkedAt: number;
}

/** A question to the store that is under way. */
interface Flight<T> {
  readonly startedAt: number;
  readonly entry: Promise<Entry<T>>;
}

/**
 * A bounded view on documents of a store, as fresh as a request needs: what changed in the store is in force
 * everywhere within `revalidateWithin`, also across a freeze.
 */
export function freshView<T>(options: FreshnessOptions): (path: string) => Promise<View<T>> {
  const { store, now, freshFor, revalidateWithin, staleFor, absentFor, entries } = {
    freshFor: 3_000,
    revalidateWithin: 5_000,
    staleFor: Number.POSITIVE_INFINITY,
    absentFor: 0,
    entries: 10_000,
    ...options,
  };
  const cache = new LRUCache<string, Entry<T>>({ max: entries });
  const flights = new Map<string, Flight<T>>();

  const ask = async (path: string, known: Entry<T> | undefined): Promise<Entry<T>> => {
    const checkedAt = now();
    const found = known?.etag === undefined ? await store.read(path) : await store.revalidate(path, known.etag);
    const entry: Entry<T> =
      found === 'unchanged'
        ? { ...(known as Entry<T>), checkedAt }
        : { value: found && decodeAt<T>(path, found.bytes), etag: found?.etag, checkedAt };
    if (entry.etag === undefined && absentFor === 0) cache.delete(path);
    else cache.set(path, entry);
    return entry;
  };

  const revalidate = (path: string, known: Entry<T> | undefined): Promise<Entry<T>> => {
    const running = flights.get(path);
    // One that a freeze has interrupted asked too long ago to say how things are now.
    if (running !== undefined && isWithin(now() - running.startedAt, freshFor)) return running.entry;
    const flight = { startedAt: now(), entry: ask(path, known) };
    const land = () => flights.get(path) === flight && flights.delete(path);
    flights.set(path, flight);
    flight.entry.then(land, land);
    return flight.entry;
  };

  const lastGood = (known: Entry<T> | undefined, failure: unknown): View<T> => {
    if (known?.etag === undefined || outlived(now() - known.checkedAt)) throw failure;
    return { value: known.value, stale: true };
  };

  // A clock set back hides how long a failure has lasted: what may not outlive one does not count on it.
  const outlived = (age: number): boolean => staleFor !== Number.POSITIVE_INFINITY && !isWithin(age, staleFor);

  return async (path) => {
    const known = cache.get(path);
    const age = known === undefined ? Number.NaN : now() - known.checkedAt;
    const limit = known?.etag === undefined ? Math.min(absentFor, freshFor) : freshFor;
    if (known !== undefined && isWithin(age, limit)) return { value: known.value, stale: false };
    const flight = revalidate(path, known);
    if (known?.etag !== undefined && isWithin(age, revalidateWithin)) {
      return { value: known.value, stale: false, beside: flight.then(nothing, nothing) };
    }
    return flight.then(
      ({ value }) => ({ value, stale: false }),
      (failure) => lastGood(known, failure),
    );
  };
}

/** A clock set back makes an age negative: as good as unknown. */
const isWithin = (age: number, limit: number): boolean => age >= 0 && age < limit;

const nothing = (): void => {};
