import { describe, expect, test } from 'vitest';
import { type LoadedModel, type ModelCache, modelCache } from '../../../functions/predict/model-cache.ts';
import type { Manifest } from '../../../models/manifest.ts';

interface Watched {
  readonly models: ModelCache;
  readonly loaded: string[];
  readonly closed: string[];
}

/** A cache for ten models of 10 bytes, whose loads and closings are written down. */
function watched(more: { bytes?: number; fails?: () => boolean; close?: () => Promise<void> } = {}): Watched {
  const { bytes = 10, fails = () => false, close = async () => {} } = more;
  const [loaded, closed]: [string[], string[]] = [[], []];
  const load = async (model: string, version: number): Promise<LoadedModel> => {
    const key = `${model}/${version}`;
    loaded.push(key);
    await Promise.resolve();
    if (fails()) throw new Error('failed');
    return {
      manifest: { model, version } as Manifest,
      predictor: {
        signature: { inputs: [], outputs: [] },
        predict: async () => new Map(),
        close: () => {
          closed.push(key);
          return close();
        },
      },
      bytes,
    };
  };
  return { models: modelCache({ load, maxBytes: 100 }), loaded, closed };
}

const use = (models: ModelCache, version: number) => models.use('m', version, async ({ manifest }) => manifest.version);

const fill = async (models: ModelCache) => {
  for (let version = 1; version <= 10; version++) await use(models, version);
};

describe('a cache of models', () => {
  test('loads once what is used twice', async () => {
    const { models, loaded } = watched();
    expect([await use(models, 1), await use(models, 1)]).toEqual([1, 1]);
    expect(loaded).toEqual(['m/1']);
  });

  test('loads once for many first calls', async () => {
    const { models, loaded } = watched();
    await Promise.all(Array.from({ length: 500 }, () => use(models, 1)));
    expect(loaded).toEqual(['m/1']);
  });

  test('is bounded: the least recently used goes, and is closed', async () => {
    const { models, closed } = watched();
    await fill(models);
    await use(models, 1);
    await use(models, 11);
    expect(closed).toEqual(['m/2']);
  });

  test('loads again what went', async () => {
    const { models, loaded } = watched();
    await fill(models);
    await use(models, 11);
    await use(models, 1);
    expect(loaded.filter((key) => key === 'm/1')).toHaveLength(2);
  });

  test('closes what went only after its last use', async () => {
    const { models, closed } = watched();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const uses = [1, 2, 3].map(() => models.use('m', 1, () => held));
    await use(models, 1);
    await fill(models);
    for (let version = 11; version <= 20; version++) await use(models, version);
    expect(closed).not.toContain('m/1');
    release();
    await Promise.all(uses);
    expect(closed.filter((key) => key === 'm/1')).toHaveLength(1);
  });

  test('closes what went after a use that failed', async () => {
    const { models, closed } = watched({ bytes: 1_000 });
    await expect(models.use('m', 1, () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
    expect(closed).toEqual(['m/1']);
  });

  test('keeps no failed load', async () => {
    let failing = true;
    const { models, loaded } = watched({ fails: () => failing });
    const outcomes = await Promise.allSettled([use(models, 1), use(models, 1)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(loaded).toHaveLength(1);
    failing = false;
    expect(await use(models, 1)).toBe(1);
  });

  test('serves what is larger than the bound, and keeps nothing of it', async () => {
    const { models, loaded, closed } = watched({ bytes: 101 });
    expect(await Promise.all([use(models, 1), use(models, 1)])).toEqual([1, 1]);
    expect(closed).toEqual(['m/1']);
    await use(models, 1);
    expect(loaded).toHaveLength(2);
  });

  test('closes nothing under a call that joins at any moment of a load', async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const { models, closed } = watched({ bytes: 101 });
      const first = use(models, 1);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      const second = models.use('m', 1, async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return [...closed];
      });
      await first;
      const during = await second;
      const own = closed.length === 1 ? [] : ['m/1'];
      expect(during, `after ${ticks} ticks`).toEqual(own);
    }
  });

  test('is not broken by a predictor that fails to close', async () => {
    const { models, closed } = watched({ bytes: 101, close: () => Promise.reject(new Error('stuck')) });
    expect(await use(models, 1)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(closed).toEqual(['m/1']);
  });

  test('tells versions and models apart', async () => {
    const { models, loaded } = watched();
    await models.use('a', 1, async () => {});
    await models.use('a', 11, async () => {});
    await models.use('b', 1, async () => {});
    expect(loaded).toEqual(['a/1', 'a/11', 'b/1']);
  });
});
