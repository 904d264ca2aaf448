import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QuotaExceeded } from '../../../../infra/local/gateway/errors.ts';
import { throttle } from '../../../../infra/local/gateway/throttle.ts';
import { type Bucket, drawToken, type Quota } from '../../../../infra/local/gateway/token-bucket.ts';

const quotas = fc.record({ rate: fc.integer({ min: 1, max: 1_000 }), burst: fc.integer({ min: 1, max: 1_000 }) });
const pauses = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 300 });

/** Draws at each of these pauses, in milliseconds, and counts what was granted. */
function drawAll(quota: Quota, after: readonly number[]): { granted: number; elapsed: number } {
  let bucket: Bucket | undefined;
  let [granted, now] = [0, 1_000_000];
  for (const pause of after) {
    now += pause;
    const draw = drawToken(bucket, quota, now);
    bucket = draw.bucket;
    if (draw.granted) granted++;
  }
  return { granted, elapsed: now - 1_000_000 };
}

describe('a token bucket', () => {
  test('grants a burst at once, and then the rate', () => {
    const quota = { rate: 2, burst: 3 };
    expect(drawAll(quota, [0, 0, 0, 0, 0]).granted).toBe(3);
    expect(drawAll(quota, [0, 0, 0, 500, 0, 500, 0]).granted).toBe(5);
  });

  test('never grants more than the burst and what the rate has filled since', () => {
    fc.assert(
      fc.property(quotas, pauses, (quota, after) => {
        const { granted, elapsed } = drawAll(quota, after);
        expect(granted).toBeLessThanOrEqual(quota.burst + (elapsed / 1_000) * quota.rate + 1e-6);
      }),
    );
  });

  test('grants everything to whoever keeps to the rate', () => {
    fc.assert(
      fc.property(quotas, fc.integer({ min: 1, max: 200 }), (quota, times) => {
        const pause = 1_000 / quota.rate + 1e-6;
        expect(drawAll(quota, Array(times).fill(pause)).granted).toBe(times);
      }),
    );
  });

  test('never holds more than its burst, nor less than nothing', () => {
    fc.assert(
      fc.property(quotas, fc.double({ min: 0, max: 1e6, noNaN: true }), fc.nat(), (quota, tokens, now) => {
        const { bucket } = drawToken({ tokens: Math.min(tokens, quota.burst), at: 0 }, quota, now);
        expect(bucket.tokens).toBeGreaterThanOrEqual(0);
        expect(bucket.tokens).toBeLessThanOrEqual(quota.burst);
      }),
    );
  });

  test('states a wait after which there is a token, and before which there is none', () => {
    fc.assert(
      fc.property(quotas, fc.double({ min: 0, max: 0.999, noNaN: true }), (quota, tokens) => {
        const { granted, bucket, waitMs } = drawToken({ tokens, at: 0 }, quota, 0);
        expect(granted).toBe(false);
        expect(drawToken(bucket, quota, waitMs + 1e-6).granted).toBe(true);
        expect(drawToken(bucket, quota, waitMs * 0.99).granted).toBe(false);
      }),
    );
  });

  test('gives nothing for a clock that goes back', () => {
    const quota = { rate: 10, burst: 1 };
    const empty = drawToken(undefined, quota, 1_000).bucket;
    expect(drawToken(empty, quota, 0).granted).toBe(false);
  });

  test('that holds nothing or never fills says so without dividing by zero', () => {
    expect(drawToken(undefined, { rate: 1, burst: 0 }, 0)).toMatchObject({ granted: false, waitMs: Infinity });
    expect(drawToken({ tokens: 0, at: 0 }, { rate: 0, burst: 5 }, 9e9)).toMatchObject({ waitMs: Infinity });
  });
});

describe('throttling', () => {
  test('counts each tenant on its own, and says when to come again', () => {
    const draw = throttle(
      () => ({ rate: 0.5, burst: 1 }),
      () => 0,
    );
    draw('acme');
    draw('other');
    expect(() => draw('acme')).toThrow(new QuotaExceeded('acme', 0.5, 2));
  });

  test('tells a tenant without any quota left to come again in an hour, not in eternity', () => {
    const draw = throttle(
      () => ({ rate: 0, burst: 0 }),
      () => 0,
    );
    expect(() => draw('acme')).toThrow(/try again in 3600 s/);
  });

  test('counts nobody without a quota', () => {
    const draw = throttle(
      () => undefined,
      () => 0,
    );
    for (let i = 0; i < 1_000; i++) draw('acme');
  });
});
