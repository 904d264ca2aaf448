import type { ShadowCounts } from './counts.ts';
import { durationQuantile } from './durations.ts';

interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** How a shadow does beside the version that serves. */
export interface ShadowReport {
  readonly since: string;
  /** Copies of requests that it was sent, and those that were too large or too many. */
  readonly sent: number;
  readonly skipped: number;
  /** Copies that it failed to answer, and copies of which nothing was heard, some of them still under way. */
  readonly failed: number;
  readonly lost: number;
  readonly rows: number;
  /** Share of the rows that both versions answered alike; null where none was compared. */
  readonly agreement: number | null;
  /** Milliseconds of a prediction, on the same copies. */
  readonly times?: { readonly shadow: Times; readonly serving: Times };
}

export function shadowReport(counts: ShadowCounts): ShadowReport {
  const { since, sent, skipped, calls, failed, rows, agreed, shadow, serving } = counts;
  return {
    since,
    sent,
    skipped,
    failed,
    lost: Math.max(0, sent - calls),
    rows,
    agreement: rows > 0 ? agreed / rows : null,
    ...(rows > 0 && { times: { shadow: timesIn(shadow), serving: timesIn(serving) } }),
  };
}

const timesIn = (durations: ShadowCounts['shadow']): Times => ({
  p50: shortly(durationQuantile(durations, 0.5)),
  p99: shortly(durationQuantile(durations, 0.99)),
});

const shortly = (milliseconds: number): number => Number(milliseconds.toPrecision(3));
