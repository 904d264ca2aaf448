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

/** Uses the model of that number. */
const use = (models: ModelCache, number: number) => models.use(`m${number}`, 1, async () => number);

const fill = async (models: ModelCache) => {
  for (let number = 1; number <= 10; number++) await use(models, number);
};

describe('a cache of models', () => {
  test('loads once what is used twice', async () => {
    const { models, loaded } = watched();
    expect([await use(models, 1), await use(models, 1)]).toEqual([1, 1]);
    expect(loaded).toEqual(['m1/1']);
  });

  test('loads once for many first calls', async () => {
    const { models, loaded } = watched();
    await Promise.all(Array.from({ length: 500 }, () => use(models, 1)));
    expect(loaded).toEqual(['m1/1']);
  });

  test('is bounded: the least recently used goes, and is closed', async () => {
    const { models, closed } = watched();
    await fill(models);
    await use(models, 1);
    await use(models, 11);
    expect(closed).toEqual(['m2/1']);
  });

  test('loads again what went', async () => {
    const { models, loaded } = watched();
    await fill(models);
    await use(models, 11);
    await use(models, 1);
    expect(loaded.filter((key) => key === 'm1/1')).toHaveLength(2);
  });

  test('closes what went only after its last use', async () => {
    const { models, closed } = watched();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const uses = [1, 2, 3].map(() => models.use('m1', 1, () => held));
    await use(models, 1);
    await fill(models);
    for (let number = 11; number <= 20; number++) await use(models, number);
    expect(closed).not.toContain('m1/1');
    release();
    await Promise.all(uses);
    expect(closed.filter((key) => key === 'm1/1')).toHaveLength(1);
  });

  test('closes what went after a use that failed', async () => {
    const { models, closed } = watched({ bytes: 1_000 });
    await expect(models.use('m1', 1, () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
    expect(closed).toEqual(['m1/1']);
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
    expect(closed).toEqual(['m1/1']);
    await use(models, 1);
    expect(loaded).toHaveLength(2);
  });

  test('closes nothing under a call that joins at any moment of a load', async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const { models, closed } = watched({ bytes: 101 });
      const first = use(models, 1);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      const second = models.use('m1', 1, async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return [...closed];
      });
      await first;
      const during = await second;
      const own = closed.length === 1 ? [] : ['m1/1'];
      expect(during, `after ${ticks} ticks`).toEqual(own);
    }
  });

  test('is not broken by a predictor that fails to close', async () => {
    const { models, closed } = watched({ bytes: 101, close: () => Promise.reject(new Error('stuck')) });
    expect(await use(models, 1)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(closed).toEqual(['m1/1']);
  });

  test('keeps four versions of a model, those that were used last', async () => {
    const { models, loaded, closed } = watched();
    const useVersion = (version: number) => models.use('m', version, async () => {});
    for (let version = 1; version <= 4; version++) await useVersion(version);
    await useVersion(1);
    await use(models, 7);
    for (let version = 5; version <= 7; version++) await useVersion(version);
    expect(closed).toEqual(['m/2', 'm/3', 'm/4']);
    await useVersion(1);
    expect(loaded.filter((key) => key === 'm/1')).toHaveLength(1);
  });

  test('tells versions and models apart', async () => {
    const { models, loaded } = watched();
    await models.use('a', 1, async () => {});
    await models.use('a', 11, async () => {});
    await models.use('b', 1, async () => {});
    expect(loaded).toEqual(['a/1', 'a/11', 'b/1']);
  });
});
