import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

/** `MODELDROP_KILLS=200 npx vitest run test/journey/kill` kills as often as RELIABILITY asks. */
const KILLS = Number(process.env.MODELDROP_KILLS ?? 6);

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

interface Acknowledged {
  version: number;
  stable: number;
}

it(
  `loses nothing that was acknowledged, through ${KILLS} kills in mid-publish and mid-release`,
  async () => {
    const home = await temporaryHome(cleanups);
    const acknowledged: Acknowledged = { version: 0, stable: 0 };
    let slope = 0;
    let acknowledgements = 0;
    for (let round = 0; round < KILLS; round++) {
      const platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
      let killed = false;
      const work = (async () => {
        while (!killed) {
          slope += 1;
          await dropFile(home, 'slope', `v${slope}.json`, slopeModel(slope));
          await released(platform.call, slope, () => killed, acknowledged);
          const other = Math.max(1, acknowledged.version - 1);
          const answer = await platform.call('POST', '/v1/models/slope/release', { stable: other });
          if (answer.status === 200) acknowledged.stable = ((await answer.json()) as { stable: number }).stable;
          acknowledgements += 1;
        }
      })().catch(() => {});
      await sleep(200 + ((round * 137) % 900));
      killed = true;
      await platform.stop('SIGKILL');
      await work;
      await expectWhole(home, acknowledged);
    }
    const platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
    // What was dropped and not yet taken up when the last one died is taken up now.
    while ((await platform.call('GET', '/v1/models/slope')).status !== 200) await sleep(50);
    const response = await platform.call('POST', '/v1/models/slope:predict', { instances: [[3]] });
    const { predictions } = (await response.json()) as { predictions: number[] };
    expect(predictions).toHaveLength(1);
    await platform.stop();
    console.info(
      `${KILLS} kills, ${acknowledgements} rounds acknowledged, ${acknowledged.version} versions, nothing lost`,
    );
  },
  60_000 + KILLS * 5_000,
);

/** Waits until the drop of this slope is served, and notes what the API acknowledged. */
async function released(
  call: Awaited<ReturnType<typeof startPlatform>>['call'],
  slope: number,
  given: () => boolean,
  acknowledged: Acknowledged,
): Promise<void> {
  while (!given()) {
    const response = await call('GET', '/v1/models/slope/drops');
    const { drops } = (await response.json()) as { drops: { file: string; state: string; version?: number }[] };
    const mine = drops.find(({ file }) => file === `v${slope}.json`);
    if (mine?.state === 'released') {
      acknowledged.version = Math.max(acknowledged.version, mine.version ?? 0);
      acknowledged.stable = mine.version ?? 0;
      return;
    }
    await sleep(20);
  }
}

async function expectWhole(home: string, acknowledged: Acknowledged): Promise<void> {
  const registry = join(home, 'registry');
  for (const blob of await readdir(join(registry, 'blobs')).catch(() => [])) {
    const bytes = await readFile(join(registry, 'blobs', blob));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(blob);
  }
  const versions = await readdir(join(registry, 'models/slope')).catch(() => []);
  for (const version of versions) {
    const file = join(registry, 'models/slope', version, 'manifest.json');
    const manifest = await readFile(file, 'utf8').catch(() => undefined);
    // A folder may be there before its manifest; a manifest is whole or absent.
    if (manifest !== undefined) expect(JSON.parse(manifest).version).toBe(Number(version));
  }
  if (acknowledged.version === 0) return;
  const channel = JSON.parse(await readFile(join(registry, 'channels/slope.json'), 'utf8'));
  expect(versions).toContain(String(channel.stable));
  expect(versions).toContain(String(acknowledged.version));
}
