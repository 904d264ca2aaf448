import { describe, expect, it } from 'vitest';
import {
  HOLD_MS,
  isAwaited,
  isHeld,
  type PredictionJob,
  renew,
  settle,
  standing,
  TAKES,
  take,
  WAIT_MS,
  wait,
} from '../../models/prediction-job.ts';

const [at, LEASE_MS] = [Date.parse('2026-11-25T10:00:00.000Z'), 1_000];
const created = new Date(at).toISOString();
const job: PredictionJob = {
  id: 'a'.repeat(32),
  model: 'digits',
  state: 'queued',
  createdAt: created,
  updatedAt: created,
  by: { key: 'k', tenant: 't', scopes: ['predict'], models: ['*'] },
  request: { digest: 'd', headers: {} },
  takes: 0,
};
const asked = { endpoint: 'e', input: 'inputs/1', output: 'outputs/1.out', failure: 'failures/1-error.out' };

describe('a job that an endpoint works on', () => {
  const taken = take(job, at, LEASE_MS);
  const waiting = wait(taken, 1, asked, at) as PredictionJob;

  it("is in nobody's hands, and runs", () => {
    expect(waiting).toMatchObject({ state: 'running', asked, takes: 1 });
    expect(isHeld(waiting, at)).toBe(false);
    expect([waiting, taken, job].map((one) => isAwaited(one, at))).toEqual([true, false, false]);
    expect(isAwaited(take(waiting, at, LEASE_MS), at)).toBe(false);
    expect(isAwaited(waiting, at + WAIT_MS)).toBe(false);
  });

  it('is taken for an answer as often as need be: that is no take', () => {
    let looked = waiting;
    for (let i = 0; i < 3 * TAKES; i++) {
      looked = wait(take(looked, at + i, LEASE_MS), 1, asked, at + i) as PredictionJob;
    }
    expect(looked).toMatchObject({ state: 'running', asked, takes: 1 });
  });

  it('waits also after its last take, for as long as a job may', () => {
    const last = { ...waiting, takes: TAKES };
    expect(standing(last, at + WAIT_MS - 1)).toBe(last);
    expect(standing(last, at + WAIT_MS)).toMatchObject({ state: 'failed', error: expect.stringContaining('6 hours') });
  });

  it('is no more waited for by a take that is not its own', () => {
    expect(wait(waiting, 2, asked, at)).toBeUndefined();
    expect(wait({ ...taken, state: 'cancelled' }, 1, asked, at)).toBeUndefined();
  });

  it('is asked anew, as another take, after an answer that could not be read', () => {
    const failed = settle(take(waiting, at, LEASE_MS), 1, { error: 'no', passing: true }, at) as PredictionJob;
    expect(failed).toMatchObject({ state: 'queued', takes: 1 });
    expect(failed.asked).toBeUndefined();
  });
});

describe('a take that is at work', () => {
  const taken = take(job, at, LEASE_MS);

  it('holds its job for another lease', () => {
    const held = renew(taken, 1, at + LEASE_MS - 1, LEASE_MS) as PredictionJob;
    expect(held).toEqual({ ...taken, heldUntil: at + 2 * LEASE_MS - 1 });
    expect(isHeld(held, at + LEASE_MS)).toBe(true);
  });

  it('holds it also after its lease, where nobody was quicker', () => {
    expect(renew(taken, 1, at + 5 * LEASE_MS, LEASE_MS)?.heldUntil).toBe(at + 6 * LEASE_MS);
  });

  it.each([
    ['was taken over', take(taken, at + LEASE_MS, LEASE_MS), at + LEASE_MS, 1],
    ['was cancelled', { ...taken, state: 'cancelled' as const }, at, 1],
    ['is with an endpoint', wait(taken, 1, asked, at) as PredictionJob, at, 1],
    ['was seen to have failed, after its last take', { ...taken, takes: TAKES }, at + LEASE_MS, TAKES],
  ])('lets go of one that %s', (_, current, now, takes) => {
    expect(renew(current, takes, now, LEASE_MS)).toBeUndefined();
  });

  it('lets go of one that it has held for too long', () => {
    expect(renew(taken, 1, at + HOLD_MS - 1, LEASE_MS)).toBeDefined();
    expect(renew(taken, 1, at + HOLD_MS, LEASE_MS)).toBeUndefined();
  });
});
