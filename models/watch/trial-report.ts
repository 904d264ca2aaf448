import type { Canary } from '../channel.ts';
import { CANARY_TERMS } from '../release-policy.ts';
import type { Tally } from './canary-judge.ts';
import { type Ledger, talliesOf } from './ledger.ts';

/** What one side of a trial has done so far. */
interface SideReport {
  /** Requests that were begun, and those without a good end; requests under way are among both. */
  readonly requests: number;
  readonly errors: number;
  /** Answers that took longer than 1.25 times the stable version's 99th percentile. */
  readonly slow: number;
}

/** How an open canary does beside the stable version. */
export interface TrialReport {
  readonly since: string;
  /** It is promoted no sooner, and with no fewer requests. */
  readonly bakeMinutes: number;
  readonly minimumRequests: number;
  readonly canary: SideReport;
  readonly stable: SideReport;
  /** What was found when it was last judged: why it is held. */
  readonly judged?: NonNullable<Canary['judged']>;
}

/** @param ledger of this trial; undefined where nothing was counted yet */
export function trialReport(canary: Canary, ledger: Ledger | undefined): TrialReport {
  const { since, bakeMinutes, minimumRequests, judged } = { ...CANARY_TERMS, ...canary };
  const tallies = ledger && talliesOf(ledger);
  return {
    since,
    bakeMinutes,
    minimumRequests,
    canary: sideOf(tallies?.canary),
    stable: sideOf(tallies?.stable),
    ...(judged && { judged }),
  };
}

const sideOf = ({ attempts, successes, slow }: Tally = { attempts: 0, successes: 0, slow: 0 }): SideReport => ({
  requests: attempts,
  errors: attempts - successes,
  slow,
});
