/**
 * The slot of a key below `keys`, filled where the key has none: a fresh slot, or that of the key that was not asked for the
 * longest.
 */
export function leastRecent(
  keys: number,
  capacity: number,
  fill: (key: number, slot: number) => void,
): (key: number) => number {
  const slotOf = new Int32Array(keys).fill(-1);
  const keyOf = new Int32Array(capacity);
  // A ring of slots from the most recent one on; place `capacity` closes it.
  const [before, after] = [new Int32Array(capacity + 1), new Int32Array(capacity + 1)];
  before[capacity] = after[capacity] = capacity;
  let used = 0;

  const takeOut = (slot: number): void => {
    after[before[slot] as number] = after[slot] as number;
    before[after[slot] as number] = before[slot] as number;
  };
  const putFirst = (slot: number): void => {
    const second = after[capacity] as number;
    after[capacity] = slot;
    before[slot] = capacity;
    after[slot] = second;
    before[second] = slot;
  };
  const free = (): number => {
    if (used < capacity) return used++;
    const last = before[capacity] as number;
    takeOut(last);
    slotOf[keyOf[last] as number] = -1;
    return last;
  };

  return (key) => {
    let slot = slotOf[key] as number;
    if (slot >= 0) {
      takeOut(slot);
    } else {
      slot = free();
      slotOf[key] = slot;
      keyOf[slot] = key;
      fill(key, slot);
    }
    putFirst(slot);
    return slot;
  };
}
