/** How fast a bucket fills, in tokens a second, and how many it holds. */
export interface Quota {
  readonly rate: number;
  readonly burst: number;
}

/** What a bucket held at a moment, in milliseconds of any clock that does not go back. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

export interface Draw {
  readonly bucket: Bucket;
  readonly granted: boolean;
  /** Until a token will be there; 0 where one was granted, infinite where the bucket never fills. */
  readonly waitMs: number;
}

/** Draws one token, as API Gateway's usage plans do. A bucket that was never drawn from is full. */
export function drawToken(bucket: Bucket | undefined, quota: Quota, now: number): Draw {
  const tokens = bucket === undefined ? quota.burst : refilled(bucket, quota, now);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, at: now }, granted: true, waitMs: 0 };
  const waitMs = quota.burst < 1 ? Number.POSITIVE_INFINITY : ((1 - tokens) / quota.rate) * 1_000;
  return { bucket: { tokens, at: now }, granted: false, waitMs };
}

const refilled = ({ tokens, at }: Bucket, { rate, burst }: Quota, now: number): number =>
  Math.min(burst, tokens + (Math.max(0, now - at) / 1_000) * rate);
