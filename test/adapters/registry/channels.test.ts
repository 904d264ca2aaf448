import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveChannel, ReleaseConflict, readChannel } from '../../../adapters/registry/channels.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { release } from '../../../models/release.ts';
import { memoryStore } from '../../memory-store.ts';

/** `MODELDROP_GENERATIONS=500 npx vitest run test/adapters/registry/channels` races as often as RELIABILITY asks. */
const GENERATIONS = Number(process.env.MODELDROP_GENERATIONS ?? 12);
const RIVALS = 32;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modeldrop-channels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Rivals who read the same generation each promote a version of their own, all at once. */
async function race(stores: readonly Store[], generation: number): Promise<PromiseSettledResult<unknown>[]> {
  const versions = Array.from({ length: RIVALS }, (_, rival) => generation * RIVALS + rival + 1);
  let readers = 0;
  const { promise: allHaveRead, resolve: go } = Promise.withResolvers<void>();
  return Promise.allSettled(
    versions.map((stable, rival) =>
      moveChannel(stores[rival % stores.length] as Store, 'iris', async (channel) => {
        if (++readers === RIVALS) go();
        await allHaveRead;
        const occasion = { model: 'iris', versions, by: `rival ${rival}`, at: new Date().toISOString() };
        return release(channel, { stable }, occasion);
      }),
    ),
  );
}

describe.each([
  ['in memory', () => [memoryStore()]],
  ['in one folder, by eight writers', () => Array.from({ length: 8 }, () => filesStore(folder))],
] as const)('%s', (_, open) => {
  it(
    `${RIVALS} rivals who promote at once have one winner, in each of ${GENERATIONS} generations`,
    async () => {
      const stores = open();
      for (let generation = 0; generation < GENERATIONS; generation++) {
        const outcomes = await race(stores, generation);
        const winners = outcomes.flatMap((outcome, rival) => (outcome.status === 'fulfilled' ? [rival] : []));
        expect(winners).toHaveLength(1);
        const channel = await readChannel(stores[0] as Store, 'iris');
        expect(channel?.stable).toBe(generation * RIVALS + (winners[0] as number) + 1);
        // The last hundred moves are remembered.
        expect(channel?.history).toHaveLength(Math.min(generation + 1, 100));
        expect(channel?.history.at(-1)?.by).toBe(`rival ${winners[0]}`);
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          expect(outcome.reason).toBeInstanceOf(ReleaseConflict);
          expect((outcome.reason as Error).message).toContain(`rival ${winners[0]} (release`);
        }
      }
    },
    20_000 + GENERATIONS * 1_000,
  );
});
