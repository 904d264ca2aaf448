import { describe, expect, it } from 'vitest';
import { modelPool } from '../../../../infra/local/endpoint-host/model-pool.ts';

/** Models that note when they are loaded and let go; `bad` can't be loaded. */
function poolOf(maxBytes: number) {
  const events: string[] = [];
  const pool = modelPool(async (target: string) => {
    events.push(`load ${target}`);
    await Promise.resolve();
    if (target === 'bad') throw new Error('torn');
    return {
      model: target,
      bytes: 10,
      async close() {
        events.push(`close ${target}`);
      },
    };
  }, maxBytes);
  const touch = (target: string) => pool.use(target, async (model) => model);
  return { pool, events, touch };
}

describe('a pool of models', () => {
  it('loads a model once for any number of first calls', async () => {
    const { events, touch } = poolOf(100);
    await Promise.all(Array.from({ length: 500 }, () => touch('a')));
    expect(events).toEqual(['load a']);
  });

  it('unloads the least recently used where room is short', async () => {
    const { pool, events, touch } = poolOf(20);
    for (const target of ['a', 'b', 'a', 'c']) await touch(target);
    await Promise.resolve();
    expect(events).toEqual(['load a', 'load b', 'load c', 'close b']);
    expect(pool.loaded()).toEqual(['a', 'c']);
  });

  it('never unloads a model that is in use', async () => {
    const { pool, events, touch } = poolOf(10);
    const { promise, resolve } = Promise.withResolvers<void>();
    const using = pool.use('a', () => promise);
    await touch('b');
    expect(events).not.toContain('close a');
    resolve();
    await using;
    expect(pool.loaded()).toEqual(['a']);
  });

  it('forgets a load that failed, and tries again', async () => {
    const { pool, events, touch } = poolOf(10);
    await expect(touch('bad')).rejects.toThrow('torn');
    await expect(touch('bad')).rejects.toThrow('torn');
    expect(events).toEqual(['load bad', 'load bad']);
    expect(pool.loaded()).toEqual([]);
  });

  it('lets go of everything when it closes', async () => {
    const { pool, events, touch } = poolOf(100);
    await touch('a');
    await touch('b');
    await pool.close();
    expect(events.slice(2)).toEqual(['close a', 'close b']);
  });
});
