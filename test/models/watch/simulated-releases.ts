import { type Random, seededRandom } from '../../../models/learning/random.ts';
import { judgeCanary, type Tally } from '../../../models/watch/canary-judge.ts';

/** What callers send, and what becomes of it. */
export interface Traffic {
  readonly perMinute: number;
  /** Shares of the canary's requests that end in an error, that are never heard of again, and that are slow. */
  readonly errors: number;
  readonly aborts: number;
  readonly slow: number;
}

/** As the stable version is, of which a tenth of the requests go to the canary. */
export const GOOD: Traffic = { perMinute: 200, errors: 0.02, aborts: 0, slow: 0.008 };
const [WEIGHT, MINUTES] = [0.1, 240];
const TERMS = { bakeMinutes: 30, minimumRequests: 100 };

export type Ending = 'withdraw' | 'promote' | 'hold';

/** How so many releases of four hours end, each judged every minute. */
export function endings(releases: number, canary: Traffic, seed: number): Record<Ending, number> {
  const random = seededRandom(seed);
  const counts: Record<Ending, number> = { withdraw: 0, promote: 0, hold: 0 };
  for (let release = 0; release < releases; release++) counts[ending(random, canary)] += 1;
  return counts;
}

type Growing = { -readonly [K in 'attempts' | 'successes' | 'slow']: Tally[K] };

function ending(random: Random, canary: Traffic): Ending {
  const counts: Record<'stable' | 'canary', Growing> = {
    stable: { attempts: 0, successes: 0, slow: 0 },
    canary: { attempts: 0, successes: 0, slow: 0 },
  };
  let [looks, seen] = [0, 0];
  for (let minute = 1; minute <= MINUTES; minute++) {
    for (let request = 0; request < canary.perMinute; request++) {
      const isCanary = random.next() < WEIGHT;
      count(random, isCanary ? counts.canary : counts.stable, isCanary ? canary : GOOD);
    }
    const found = judgeCanary({ ...counts, minutes: minute, looks, seen }, TERMS);
    if (found.tested) [looks, seen] = [looks + 1, counts.canary.attempts];
    if (found.verdict !== 'hold') return found.verdict;
  }
  return 'hold';
}

function count(random: Random, side: Growing, { errors, aborts, slow }: Traffic): void {
  side.attempts += 1;
  if (random.next() < errors + aborts) return;
  side.successes += 1;
  if (random.next() < slow) side.slow += 1;
}
