import { QuotaExceeded } from './errors.ts';
import { type Bucket, drawToken, type Quota } from './token-bucket.ts';

const LONGEST_WAIT_S = 3_600;

/** Counts a request of a tenant against its quota; a tenant without one is not counted. */
export function throttle(
  quotaOf: (tenant: string) => Quota | undefined,
  clock: () => number,
): (tenant: string) => void {
  const buckets = new Map<string, Bucket>();

  return (tenant) => {
    const quota = quotaOf(tenant);
    if (quota === undefined) return;
    const { bucket, granted, waitMs } = drawToken(buckets.get(tenant), quota, clock());
    buckets.set(tenant, bucket);
    if (!granted) throw new QuotaExceeded(tenant, quota.rate, Math.min(LONGEST_WAIT_S, Math.ceil(waitMs / 1_000)));
  };
}
