/** A model in memory, how much of it it takes, and how it is let go. */
export interface Resident<Model> {
  readonly model: Model;
  readonly bytes: number;
  close(): Promise<void>;
}

export interface ModelPool<Model> {
  /** @throws whatever its load throws */
  use<T>(target: string, work: (model: Model) => Promise<T>): Promise<T>;
  /** Targets in memory, the least recently used first. */
  loaded(): string[];
  close(): Promise<void>;
}

interface Place<Model> {
  readonly loading: Promise<Resident<Model>>;
  users: number;
  bytes: number;
  isLoaded: boolean;
}

/**
 * Models within a memory bound, loaded when they are first called, the least recently used unloaded for others. One in use
 * stays; one load serves any number of first calls; a failed one is forgotten.
 */
export function modelPool<Model>(
  load: (target: string) => Promise<Resident<Model>>,
  maxBytes: number,
): ModelPool<Model> {
  /** In order of use. */
  const places = new Map<string, Place<Model>>();

  const makeRoom = (): void => {
    let held = places.values().reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [target, place] of places) {
      if (held <= maxBytes) return;
      if (place.users > 0 || !place.isLoaded) continue;
      places.delete(target);
      held -= place.bytes;
      place.loading.then((resident) => resident.close()).catch(() => {});
    }
  };

  const settle = (target: string): Place<Model> => {
    const place: Place<Model> = { loading: load(target), users: 0, bytes: 0, isLoaded: false };
    place.loading.then(
      ({ bytes }) => Object.assign(place, { bytes, isLoaded: true }),
      () => places.delete(target),
    );
    return place;
  };

  return {
    loaded: () => Array.from(places.keys()),
    async use(target, work) {
      const place = places.get(target) ?? settle(target);
      places.delete(target);
      places.set(target, place);
      place.users += 1;
      try {
        const { model } = await place.loading;
        makeRoom();
        return await work(model);
      } finally {
        place.users -= 1;
        makeRoom();
      }
    },
    async close() {
      const all = Array.from(places.values());
      places.clear();
      await Promise.allSettled(all.map(async ({ loading }) => (await loading).close()));
    },
  };
}
