/**
 * Slots for what was asked for last. Memory that was never written costs more to take than a short column costs to compute
 * anew, so slots beyond the first `atOnce` are taken as they turn out to be missed: each key that has to be filled again
 * earns `perRefill` slots.
 */
export interface Room {
  readonly slots: number;
  readonly atOnce: number;
  readonly perRefill: number;
}

const [NEVER, GONE] = [-1, -2];

/**
 * The slot of a key below `keys`, filled where the key has none: a fresh slot, or that of the key that was not asked for the
 * longest.
 */
export function leastRecent(
  keys: number,
  { slots, atOnce, perRefill }: Room,
  fill: (key: number, slot: number) => void,
): (key: number) => number {
  const slotOf = new Int32Array(keys).fill(NEVER);
  const keyOf = new Int32Array(slots);
  // A ring of slots from the most recent one on; place `slots` closes it.
  const [before, after] = [new Int32Array(slots + 1), new Int32Array(slots + 1)];
  before[slots] = after[slots] = slots;
  let [used, allowed] = [0, Math.min(atOnce, slots)];

  const takeOut = (slot: number): void => {
    after[before[slot] as number] = after[slot] as number;
    before[after[slot] as number] = before[slot] as number;
  };
  const putFirst = (slot: number): void => {
    const second = after[slots] as number;
    after[slots] = slot;
    before[slot] = slots;
    after[slot] = second;
    before[second] = slot;
  };
  const free = (): number => {
    if (used + 1 <= allowed) return used++;
    const last = before[slots] as number;
    takeOut(last);
    slotOf[keyOf[last] as number] = GONE;
    return last;
  };

  return (key) => {
    let slot = slotOf[key] as number;
    if (slot >= 0) {
      takeOut(slot);
    } else {
      if (slot === GONE) allowed = Math.min(slots, allowed + perRefill);
      slot = free();
      slotOf[key] = slot;
      keyOf[slot] = key;
      fill(key, slot);
    }
    putFirst(slot);
    return slot;
  };
}
