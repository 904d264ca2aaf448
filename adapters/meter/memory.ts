import type { Meter, Stats } from './meter.ts';

const none: Stats = { success: { count: 0, ns: 0 }, fail: { count: 0, ns: 0 }, rows: 0, lastInference: 0 };

/** Counts in this process, one cell a version. */
export function memoryMeter(now: () => number): Meter {
  const cells = new Map<string, Stats>();
  return {
    attempt() {},
    record({ model, version, status, rows, duration }) {
      const key = `${model}/${version}`;
      const cell = cells.get(key) ?? none;
      const outcome = status < 400 ? 'success' : 'fail';
      const { count, ns } = cell[outcome];
      const counted = { count: count + 1, ns: ns + Math.round(duration * 1e6) };
      cells.set(key, { ...cell, [outcome]: counted, rows: cell.rows + rows, lastInference: now() });
    },
    stats: (model, version) => cells.get(`${model}/${version}`) ?? none,
  };
}
