import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

/** `MODELDROP_LOAD_SECONDS=60 npx vitest run test/journey/redeploy-under-load` is load L1 in full. */
const SECONDS = Number(process.env.MODELDROP_LOAD_SECONDS ?? 4);
const CONNECTIONS = 64;
const REDEPLOY_EVERY_MS = 300;
const BROKEN_EVERY = 5;

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
  await dropFile(platform.home, 'slope', 'model.json', slopeModel(1));
  while ((await platform.call('GET', '/v1/models/slope')).status !== 200) await sleep(50);
});

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

it(
  `answers right under ${CONNECTIONS} connections while a version lands every ${REDEPLOY_EVERY_MS} ms`,
  async () => {
    const until = performance.now() + SECONDS * 1_000;
    const times: number[] = [];
    const wrong: string[] = [];
    const versions = new Set<string>();

    const caller = async (id: number): Promise<void> => {
      for (let n = 0; performance.now() < until; n++) {
        const x = id * 1_000 + n;
        const startedAt = performance.now();
        const response = await platform.call('POST', '/v1/models/slope:predict', { instances: [[x]] });
        const body = await response.text();
        times.push(performance.now() - startedAt);
        const version = response.headers.get('x-modeldrop-version') ?? '';
        versions.add(version);
        // Version n of this run has the slope n: broken drops take no number.
        if (response.status !== 200 || JSON.parse(body).predictions[0] !== Number(version) * x) {
          wrong.push(`${response.status} version ${version} x ${x}: ${body}`);
        }
      }
    };

    let drops = 0;
    const dropper = async (): Promise<void> => {
      for (let slope = 2; performance.now() < until; drops++) {
        const broken = drops % BROKEN_EVERY === BROKEN_EVERY - 1;
        await dropFile(
          platform.home,
          'slope',
          broken ? 'broken.json' : `v${slope}.json`,
          slopeModel(slope).slice(0, broken ? 60 : undefined),
        );
        if (!broken) slope += 1;
        await sleep(REDEPLOY_EVERY_MS);
      }
    };

    await Promise.all([dropper(), ...Array.from({ length: CONNECTIONS }, (_, id) => caller(id))]);
    times.sort((a, b) => a - b);
    const percentile = (p: number) => (times[Math.floor(times.length * p)] ?? 0).toFixed(1);
    console.info(
      `${times.length} requests, ${drops} drops, ${versions.size} versions served, ${wrong.length} wrong; ` +
        `p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, max ${times.at(-1)?.toFixed(1)} ms`,
    );
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(times.length).toBeGreaterThan(SECONDS * 20);
    if (SECONDS >= 10) expect(versions.size).toBeGreaterThan(2);
  },
  (SECONDS + 60) * 1_000,
);
