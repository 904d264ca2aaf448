import type { Canary } from '../channel.ts';
import { type CountLine, type Counts, dayOf, withLine } from './counts.ts';
import { countAttempt, countSuccess, newLedger } from './ledger.ts';

/** One prediction of a canary's trial, begun or answered, as its sandbox has logged it. */
export interface TrialLine {
  readonly modeldrop: 'trial';
  readonly model: string;
  readonly side: 'stable' | 'canary';
  readonly since: string;
  readonly attempts?: number;
  readonly successes?: number;
  readonly duration?: number;
  readonly caller?: number;
}

type CountsLine = CountLine & { readonly modeldrop: 'counts' };

/** A line of the log that is to be counted, and when it was written. */
export interface Logged {
  readonly timestamp: number;
  readonly line: TrialLine | CountsLine;
}

/** What is no line of ours is undefined. */
export function parseLogged(timestamp: number, message: string): Logged | undefined {
  try {
    const line = JSON.parse(message);
    const isOurs = (line?.modeldrop === 'trial' || line?.modeldrop === 'counts') && typeof line.model === 'string';
    return isOurs ? { timestamp, line } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The counts with all that was logged up to `to`. What was logged before the counts' own `upTo` is in them already: the
 * same stretch of a log twice is counted once.
 * @param canary the one that is open: lines of an earlier trial are of no use
 */
export function withLogged(counts: Counts, logged: readonly Logged[], to: number, canary: Canary | undefined): Counts {
  const { upTo = 0, trial } = counts;
  if (upTo >= to) return counts;
  const fresh = logged.filter(({ timestamp }) => timestamp >= upTo && timestamp < to);
  let next: Counts = { ...counts, upTo: to };
  const ledger = canary && (trial?.since === canary.since ? structuredClone(trial) : newLedger(canary.since));
  for (const { timestamp, line } of fresh) {
    if (line.modeldrop === 'counts') next = withLine(next, line, dayOf(timestamp));
    else if (ledger && line.since === ledger.since) {
      const side = ledger[line.side];
      if (line.attempts) countAttempt(side, line.caller);
      if (line.successes) countSuccess(side, line.duration ?? 0);
    }
  }
  const { trial: _, ...rest } = next;
  return ledger ? { ...rest, trial: ledger } : rest;
}
