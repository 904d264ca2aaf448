import { atMost, differenceAtMost, fisherGreater, type Share } from '../statistics/proportions.ts';

/** What was counted of one version since its canary was opened. */
export interface Tally {
  /** Requests that were begun; one without an end is an error. */
  readonly attempts: number;
  readonly successes: number;
  /** Among the successes, those slower than `SLOWER` times the stable version's 99th percentile. */
  readonly slow: number;
  /** Distinct callers that stay with their version; undefined where traffic is not sticky. */
  readonly keys?: number;
}

export interface Evidence {
  readonly stable: Tally;
  readonly canary: Tally;
  /** Since the canary was opened. */
  readonly minutes: number;
  /** How often it was tested before, and how many requests it had then. */
  readonly looks: number;
  readonly seen: number;
}

export interface Terms {
  readonly bakeMinutes: number;
  readonly minimumRequests: number;
}

export interface Verdict {
  readonly verdict: 'promote' | 'withdraw' | 'hold';
  /** For the history: what was found, with its figures. */
  readonly why: string;
  /** Whether this was a test: they are counted, since each takes its part of the risk. */
  readonly tested: boolean;
}

/** Chance that a good canary is ever rolled back, over all tests. */
const RISK = 0.01;
/** Of the non-inferiority bounds: one side, 95 %. */
const [DOUBT, Z] = [0.05, 1.6448536269514722];
/** A canary may err so much more often, and be so much slower at the 99th percentile. */
const MORE_ERRORS = 0.005;
export const SLOWER = 1.25;
const SLOW_SHARE = 0.01;
const FEWEST_KEYS = 30;
/** A first test of fewer requests can find next to nothing. */
const FIRST_LOOK = 10;

/**
 * Whether a canary goes on, goes back, or goes into service. Tests only when its requests have doubled, the k-th at
 * 0.01 / (k (k + 1)), half for errors and half for time: looking every minute at 5 % would withdraw a good canary 29 %
 * of the time. Promotes only what is shown to be no worse.
 */
export function judgeCanary(evidence: Evidence, terms: Terms): Verdict {
  const tested = evidence.canary.attempts >= Math.max(FIRST_LOOK, 2 * evidence.seen);
  const worse = tested ? foundWorse(evidence) : undefined;
  if (worse !== undefined) return { verdict: 'withdraw', why: worse, tested };
  const lacking = lackingFor(evidence, terms);
  if (lacking !== undefined) return { verdict: 'hold', why: lacking, tested };
  return { verdict: 'promote', why: `no worse in ${evidence.canary.attempts} requests`, tested };
}

const errorsOf = ({ attempts, successes }: Tally): Share => ({ count: attempts - successes, of: attempts });
const slowOf = ({ successes, slow }: Tally): Share => ({ count: slow, of: successes });

function foundWorse({ stable, canary, looks }: Evidence): string | undefined {
  const level = RISK / ((looks + 1) * (looks + 2)) / 2;
  if (fisherGreater(errorsOf(canary), errorsOf(stable)) < level)
    return `errors: ${percent(errorsOf(canary))} against ${percent(errorsOf(stable))} of the stable version`;
  if (fisherGreater(slowOf(canary), slowOf(stable)) < level)
    return `slower: ${percent(slowOf(canary))} of its answers took longer than ${SLOWER} times the stable version's 99th percentile`;
  return undefined;
}

/** What is still missing before it may be promoted; undefined where nothing is. */
function lackingFor({ stable, canary, minutes }: Evidence, terms: Terms): string | undefined {
  if (minutes < terms.bakeMinutes) return `bakes for ${Math.ceil(terms.bakeMinutes - minutes)} more minutes`;
  if (canary.attempts < terms.minimumRequests)
    return `has answered ${canary.attempts} of at least ${terms.minimumRequests} requests`;
  if (canary.keys !== undefined && canary.keys < FEWEST_KEYS)
    return `has answered ${canary.keys} of at least ${FEWEST_KEYS} sticky callers`;
  const more = differenceAtMost(errorsOf(canary), errorsOf(stable), Z);
  if (more >= MORE_ERRORS)
    return `may err by up to ${points(more)} points more than the stable version; ${points(MORE_ERRORS)} are allowed`;
  const slow = atMost(slowOf(canary), DOUBT);
  if (slow >= SLOW_SHARE)
    return `up to ${points(slow)} % of its answers may be slower than ${SLOWER} times the stable version's 99th percentile; ${points(SLOW_SHARE)} % are allowed`;
  return undefined;
}

const points = (share: number): string => (100 * share).toFixed(2);
const percent = ({ count, of }: Share): string => (of === 0 ? 'none' : `${points(count / of)} %`);
