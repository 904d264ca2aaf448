import { SLOWER, type Tally } from '../../models/watch/canary-judge.ts';
import type { Attempt, Meter, Observation, Trial } from './meter.ts';

/** What was counted of both sides of a trial. */
export interface TrialTallies {
  readonly stable: Tally;
  readonly canary: Tally;
}

export interface TrialMeter extends Meter {
  /** Of the trial of this model that began then. */
  trial(model: string, since: string): TrialTallies;
}

interface Side {
  attempts: number;
  successes: number;
  /** Counts by `binOf` the duration. */
  readonly durations: Map<number, number>;
  readonly callers: Set<number>;
}

interface Ledger {
  readonly since: string;
  readonly stable: Side;
  readonly canary: Side;
}

/** Callers beyond so many are not told apart: nobody asks for more. */
const CALLERS = 1_000;

/**
 * Counts trials in this process, beside what `inner` counts. A prediction that ended without an answer, or with an error
 * of ours or of the caller, is none of the successes: a version that asks its callers for something else must not go on.
 */
export function trialMeter(inner: Meter): TrialMeter {
  const ledgers = new Map<string, Ledger>();

  const sideOf = (model: string, { side, since }: Trial): Side => {
    const known = ledgers.get(model);
    const ledger = known?.since === since ? known : { since, stable: newSide(), canary: newSide() };
    ledgers.set(model, ledger);
    return ledger[side];
  };

  return {
    attempt(attempt: Attempt) {
      inner.attempt(attempt);
      const side = sideOf(attempt.model, attempt.trial);
      side.attempts += 1;
      const { caller } = attempt.trial;
      if (caller !== undefined && side.callers.size < CALLERS) side.callers.add(caller);
    },
    record(observation: Observation) {
      inner.record(observation);
      const { model, trial, status, duration } = observation;
      if (trial === undefined || status >= 400) return;
      const side = sideOf(model, trial);
      side.successes += 1;
      const bin = binOf(duration);
      side.durations.set(bin, (side.durations.get(bin) ?? 0) + 1);
    },
    stats: inner.stats,
    trial(model, since) {
      const known = ledgers.get(model);
      const { stable, canary } = known?.since === since ? known : { stable: newSide(), canary: newSide() };
      const limit = binOf(SLOWER * quantile(stable, 0.99));
      return { stable: tallyOf(stable, limit), canary: tallyOf(canary, limit) };
    },
  };
}

const newSide = (): Side => ({ attempts: 0, successes: 0, durations: new Map(), callers: new Set() });

/** Two per cent wide. */
const WIDTH = Math.log(1.02);
const binOf = (milliseconds: number): number => Math.ceil(Math.log(Math.max(milliseconds, 1e-3)) / WIDTH);

/** Milliseconds that this share of the answers did not exceed; infinite where there are none. */
function quantile({ durations, successes }: Side, share: number): number {
  let rest = Math.ceil(successes * share);
  for (const bin of [...durations.keys()].sort((a, b) => a - b)) {
    rest -= durations.get(bin) as number;
    if (rest <= 0) return Math.exp(bin * WIDTH);
  }
  return Number.POSITIVE_INFINITY;
}

function tallyOf({ attempts, successes, durations, callers }: Side, limit: number): Tally {
  const slow = [...durations].reduce((sum, [bin, count]) => (bin > limit ? sum + count : sum), 0);
  return { attempts, successes, slow, ...(callers.size > 0 && { keys: callers.size }) };
}
