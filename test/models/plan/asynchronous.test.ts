import { describe, expect, it } from 'vitest';
import { asleep } from '../../../models/plan/asynchronous.ts';
import { seeded } from '../../seeded.ts';

/** Lets calls come one by one, and counts: no formula. */
function simulated(rate: number, wake: number, idle: number, calls: number) {
  const next = seeded(11);
  let [now, upSince, upUntil] = [0, 0, 0];
  let [up, waiting] = [0, 0];
  for (let call = 0; call < calls; call++) {
    now -= Math.log(1 - next()) / rate;
    if (call === 0 || now > upUntil) {
      up += upUntil - upSince;
      [upSince, upUntil] = [now, now + wake];
    }
    if (now < upSince + wake) waiting += 1;
    upUntil = Math.max(upUntil, upSince + wake + idle, now + idle);
  }
  return { up: (up + now - upSince) / now, waiting: waiting / calls };
}

describe('an endpoint that sleeps', () => {
  it.each([
    [0.0001, 300, 900],
    [0.001, 420, 900],
    [0.004, 600, 900],
    [0.01, 300, 300],
  ])('is up and kept waiting for as a simulation of %f calls a second shows', (rate, wake, idle) => {
    const { up, waiting } = asleep(rate, wake, idle);
    const counted = simulated(rate, wake, idle, 200_000);
    expect(Math.abs(up - counted.up)).toBeLessThan(0.01);
    expect(Math.abs(waiting - counted.waiting)).toBeLessThan(0.01);
  });

  it('is always up where calls never cease, and never without any', () => {
    expect(asleep(1_000, 420, 900)).toEqual({ up: 1, waiting: 0 });
    expect(asleep(0, 420, 900)).toEqual({ up: 0, waiting: 1 });
  });
});
