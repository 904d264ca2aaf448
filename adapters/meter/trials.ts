import { countAttempt, countSuccess, type Ledger, newLedger, type Side } from '../../models/watch/ledger.ts';
import type { Attempt, Meter, Observation, Trial } from './meter.ts';

export interface TrialMeter extends Meter {
  /** Of the trial of this model that began then. */
  ledger(model: string, since: string): Ledger;
}

/**
 * Counts trials in this process, beside what `inner` counts. A prediction that ended without an answer, or with an error
 * of ours or of the caller, is none of the successes: a version that asks its callers for something else must not go on.
 */
export function trialMeter(inner: Meter): TrialMeter {
  const ledgers = new Map<string, Ledger>();

  const sideOf = (model: string, { side, since }: Trial): Side => {
    const known = ledgers.get(model);
    const ledger = known?.since === since ? known : newLedger(since);
    ledgers.set(model, ledger);
    return ledger[side];
  };

  return {
    attempt(attempt: Attempt) {
      inner.attempt(attempt);
      countAttempt(sideOf(attempt.model, attempt.trial), attempt.trial.caller);
    },
    record(observation: Observation) {
      inner.record(observation);
      const { model, trial, status, duration } = observation;
      if (trial === undefined || status >= 400) return;
      countSuccess(sideOf(model, trial), duration);
    },
    stats: inner.stats,
    ledger(model, since) {
      const known = ledgers.get(model);
      return known?.since === since ? known : newLedger(since);
    },
  };
}
