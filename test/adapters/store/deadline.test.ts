import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DeadlinePassed, within } from '../../../adapters/store/deadline.ts';

describe('within', () => {
  test('answers what the work answers, and throws what it throws', async () => {
    expect(await within(1_000, async () => 'done')).toBe('done');
    await expect(within(1_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  test('gives up work that does not heed its signal', async () => {
    await expect(within(20, () => new Promise(() => {}))).rejects.toThrow(DeadlinePassed);
  });

  test('tells the work that its time is up', async () => {
    const signal = Promise.withResolvers<AbortSignal>();
    const work = within(20, (clock) => {
      signal.resolve(clock.signal);
      return new Promise(() => {});
    });
    await expect(work).rejects.toThrow(/20 ms/);
    expect((await signal.promise).reason).toBeInstanceOf(DeadlinePassed);
  });

  test('gives more time to what asks for it, and not forever', async () => {
    const answer = within(20, async (clock) => {
      clock.extend(400);
      await pause(60);
      return 'late';
    });
    expect(await answer).toBe('late');
    const endless = within(20, (clock) => {
      clock.extend(20);
      return new Promise(() => {});
    });
    await expect(endless).rejects.toThrow(/40 ms/);
  });

  test('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await within(60_000, async ({ extend }) => extend(60_000));
    expect(timers()).toBe(before);
  });
});
