import { describe, expect, it } from 'vitest';
import { leastRecent, type Room } from '../../../../models/learning/svm/least-recent.ts';
import { seeded } from '../../../seeded.ts';

/** What was filled while these keys were asked for, and how many slots that took. */
function fillings(room: Room, keys: readonly number[]): { misses: number[]; slots: number } {
  const misses: number[] = [];
  const held = new Map<number, number>();
  const slotOf = leastRecent(10, room, (key, slot) => {
    misses.push(key);
    held.set(slot, key);
  });
  for (const key of keys) expect(held.get(slotOf(key))).toBe(key);
  expect(Math.max(...held.keys())).toBeLessThan(room.slots);
  return { misses, slots: held.size };
}

const filled = (slots: number, keys: readonly number[]): number[] =>
  fillings({ slots, atOnce: slots, perRefill: 0 }, keys).misses;

describe('what was asked for last is kept', () => {
  it('fills each key once where there is room', () => {
    expect(filled(3, [4, 5, 4, 6, 5, 4])).toEqual([4, 5, 6]);
  });

  it('lets the key go that was not asked for the longest', () => {
    expect(filled(2, [1, 2, 1, 3, 1, 2])).toEqual([1, 2, 3, 2]);
  });

  it('does as a list sorted by time does', () => {
    const next = seeded(2);
    const keys = Array.from({ length: 2_000 }, () => Math.floor(10 * next()));
    let recent: number[] = [];
    const misses = keys.filter((key) => {
      const missed = !recent.includes(key);
      recent = [key, ...recent.filter((other) => other !== key)].slice(0, 4);
      return missed;
    });
    expect(filled(4, keys)).toEqual(misses);
  });

  it('takes another slot for every so many keys that had to be filled again', () => {
    const round = [0, 1, 2, 3];
    const slotsAfter = (rounds: number): number =>
      fillings({ slots: 4, atOnce: 1, perRefill: 0.5 }, Array(rounds).fill(round).flat()).slots;
    // The first round fills anew, each later one fills four again while fewer than four slots are there.
    expect([1, 2, 3, 9].map(slotsAfter)).toEqual([1, 3, 4, 4]);
  });
});
