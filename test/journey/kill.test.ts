import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

/** `MODELDROP_KILLS=200 npx vitest run test/journey/kill` kills as often as RELIABILITY asks. */
const KILLS = Number(process.env.MODELDROP_KILLS ?? 6);
/** Milliseconds into a drop or a release at which the platform dies, spread over both. */
const LATEST_MS = 700;
const DROPS_PER_LIFE = 2;

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/** What the API has said yes to. */
interface Acknowledged {
  readonly versions: number[];
  readonly releases: { readonly at: string; readonly stable: number }[];
}

it(
  `loses nothing that was acknowledged, through ${KILLS} kills in mid-publish and mid-release`,
  async () => {
    const home = await temporaryHome(cleanups);
    const acknowledged: Acknowledged = { versions: [], releases: [] };
    for (let life = 0; life < KILLS; life++) {
      const platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
      const work = dropAndRelease(platform, life, acknowledged).catch(() => {});
      await until(() => acknowledged.versions.length >= life);
      await sleep((life * 137) % LATEST_MS);
      await platform.stop('SIGKILL');
      await work;
      await expectWhole(home, acknowledged);
    }
    expect(acknowledged.versions.length).toBeGreaterThanOrEqual(KILLS - 1);
    const platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
    await until(async () => (await platform.call('GET', '/v1/models/slope')).status === 200);
    const answer = await platform.call('POST', '/v1/models/slope:predict', { instances: [[3]] });
    expect(await answer.json()).toEqual({ predictions: [expect.any(Number)] });
    await platform.stop();
    const { versions, releases } = acknowledged;
    console.info(`${KILLS} kills; ${versions.length} versions and ${releases.length} releases acknowledged, none lost`);
  },
  60_000 + KILLS * 20_000,
);

/** Drops models and moves the pointer until the platform dies, noting each yes. */
async function dropAndRelease(
  { home, call }: RunningPlatform,
  life: number,
  acknowledged: Acknowledged,
): Promise<void> {
  for (let n = 1; n <= DROPS_PER_LIFE; n++) {
    const file = `life-${life}-${n}.json`;
    await dropFile(home, 'slope', file, slopeModel(life * DROPS_PER_LIFE + n));
    await until(async () => {
      const { drops } = (await (await call('GET', '/v1/models/slope/drops')).json()) as { drops: Drop[] };
      const drop = drops.find((one) => one.file === file && one.state === 'released');
      if (drop) acknowledged.versions.push(drop.version);
      return drop !== undefined;
    });
    const stable = acknowledged.versions[Math.max(0, acknowledged.versions.length - 2)];
    const answer = await call('POST', '/v1/models/slope/release', { stable });
    const { history } = (await answer.json()) as { history: { at: string; stable: number }[] };
    const last = history?.at(-1);
    if (answer.status === 200 && last) acknowledged.releases.push(last);
  }
}

interface Drop {
  readonly file: string;
  readonly state: string;
  readonly version: number;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

/** Every byte has its hash, every manifest is whole, and everything acknowledged is there. */
async function expectWhole(home: string, { versions, releases }: Acknowledged): Promise<void> {
  const registry = join(home, 'registry');
  for (const blob of await readdir(join(registry, 'blobs')).catch(() => [])) {
    const bytes = await readFile(join(registry, 'blobs', blob));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(blob);
  }
  for (const version of versions) {
    const manifest = await readFile(join(registry, 'models/slope', String(version), 'manifest.json'), 'utf8');
    expect(JSON.parse(manifest).version).toBe(version);
  }
  const last = releases.at(-1);
  if (last === undefined) return;
  const { stable, history } = JSON.parse(await readFile(join(registry, 'channels/slope.json'), 'utf8'));
  expect(history).toContainEqual(last);
  await readFile(join(registry, 'models/slope', String(stable), 'manifest.json'));
}
