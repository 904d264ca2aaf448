import { setTimeout as pause } from 'node:timers/promises';

const SHORTEST_MS = 20;
const LONGEST_MS = 400;

/** Waits before the next try of several rivals: longer each time, up to a bound, and each at random. */
export const backOff = (tries: number, signal: AbortSignal): Promise<void> =>
  pause(Math.random() * Math.min(SHORTEST_MS * 2 ** tries, LONGEST_MS), undefined, { signal });
