import { describe, expect, it } from 'vitest';
import {
  askAgain,
  isHeld,
  type PredictionJob,
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
  });

  it('is looked at as often as need be: a look is no take', () => {
    let looked = waiting;
    for (let i = 0; i < 3 * TAKES; i++) {
      looked = wait(take(looked, at + i, LEASE_MS), 1, undefined, at + i) as PredictionJob;
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

  it('is asked anew, as the same take, where the endpoint is gone', () => {
    const again = askAgain(waiting) as PredictionJob;
    expect(again).toMatchObject({ state: 'queued', takes: 0 });
    expect(again.asked).toBeUndefined();
    expect(askAgain(job)).toBeUndefined();
  });

  it('is asked anew, as another take, after an answer that could not be read', () => {
    const failed = settle(take(waiting, at, LEASE_MS), 1, { error: 'no', passing: true }, at) as PredictionJob;
    expect(failed).toMatchObject({ state: 'queued', takes: 1 });
    expect(failed.asked).toBeUndefined();
  });
});
