import { SLOWER, type Tally } from './canary-judge.ts';
import { countDuration, type Durations, durationQuantile, longerThan } from './durations.ts';

/** What was counted of one side of a canary's trial. It travels as JSON. */
export interface Side {
  attempts: number;
  successes: number;
  readonly durations: Durations;
  /** Numbers that stand for sticky callers, each once. */
  readonly callers: number[];
}

/** A canary's trial. */
export interface Ledger {
  /** When the canary was opened: it tells trials of one model apart. */
  readonly since: string;
  readonly stable: Side;
  readonly canary: Side;
}

/** Callers beyond so many are not told apart: nobody asks for more. */
const CALLERS = 1_000;

const newSide = (): Side => ({ attempts: 0, successes: 0, durations: {}, callers: [] });

export const newLedger = (since: string): Ledger => ({ since, stable: newSide(), canary: newSide() });

/** Changes the side that it is given. */
export function countAttempt(side: Side, caller: number | undefined): void {
  side.attempts += 1;
  const { callers } = side;
  if (caller !== undefined && callers.length < CALLERS && !callers.includes(caller)) callers.push(caller);
}

/** Changes the side that it is given. */
export function countSuccess(side: Side, milliseconds: number): void {
  side.successes += 1;
  countDuration(side.durations, milliseconds);
}

/** What the judge hears. */
export function talliesOf({ stable, canary }: Ledger): { readonly stable: Tally; readonly canary: Tally } {
  const limit = SLOWER * durationQuantile(stable.durations, 0.99);
  return { stable: tallyOf(stable, limit), canary: tallyOf(canary, limit) };
}

function tallyOf({ attempts, successes, durations, callers }: Side, limit: number): Tally {
  const slow = longerThan(durations, limit);
  return { attempts, successes, slow, ...(callers.length > 0 && { keys: callers.length }) };
}
