import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const versionsOf = async (platform: RunningPlatform, model: string) =>
  (
    (await (await platform.call('GET', `/v1/models/${model}/versions`)).json()) as {
      versions: { version: number; digest: string }[];
    }
  ).versions;

describe('npm start', () => {
  it('trains the examples, prints what a newcomer needs, and has the same versions at the second start', async () => {
    const home = await temporaryHome(cleanups);
    const first = await startPlatform({ home, env: { MODELDROP_KEY: '' } });
    for (const [label, pattern] of [
      ['API', /^ {2}API {4}http:\/\/127\.0\.0\.1:\d+$/m],
      ['inbox', /^ {2}Inbox {2}\S+inbox/m],
      ['key', /^ {2}Key {4}\S{16,}$/m],
      ['curl', /^ {2}Try {4}curl /m],
    ] as const) {
      expect(first.output(), label).toMatch(pattern);
    }
    const before = await versionsOf(first, 'diagnosis');
    expect(before).toHaveLength(1);
    expect(await first.stop('SIGINT')).toBe(0);

    const second = await startPlatform({ home, env: { MODELDROP_KEY: '' } });
    expect(second.key).toBe(first.key);
    expect(await versionsOf(second, 'diagnosis')).toEqual(before);
    expect(await second.stop()).toBe(0);
  });

  it('keeps its folder to its owner', async () => {
    const home = join(await mkdtemp(join(tmpdir(), 'modeldrop-')), 'home');
    cleanups.push(() => rm(join(home, '..'), { recursive: true, force: true }));
    const platform = await startPlatform({ home, env: { MODELDROP_EXAMPLES: '0' } });
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, 'platform.json'))).mode & 0o777).toBe(0o600);
    await platform.stop();
  });

  it('starts empty with MODELDROP_EXAMPLES=0, and does not print a key that it was given', async () => {
    const platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
    expect(await (await platform.call('GET', '/v1/models')).json()).toEqual({ models: [] });
    expect(platform.output()).not.toContain(platform.key);
    await platform.stop();
  });

  it('answers what is in flight before it stops, whatever second signal comes', async () => {
    const platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
    await dropFile(platform.home, 'slope', 'model.json', slopeModel(1));
    while ((await platform.call('GET', '/v1/models/slope')).status !== 200) await sleep(50);
    const body = { instances: Array.from({ length: 5_000 }, (_, i) => [i]) };
    const calls = Array.from({ length: 20 }, () => platform.call('POST', '/v1/models/slope:predict', body));
    // The first answer says that the calls have arrived.
    await Promise.race(calls);
    const stopped = platform.stop('SIGINT');
    platform.process.kill('SIGINT');
    const statuses = await Promise.all(calls.map(async (call) => (await call).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await stopped).toBe(0);
  });

  it('holds each tenant to MODELDROP_QUOTA requests a second', async () => {
    const env = { MODELDROP_EXAMPLES: '0', MODELDROP_QUOTA: '5' };
    const platform = await startPlatform({ home: await temporaryHome(cleanups), env });
    const calls = await Promise.all(Array.from({ length: 20 }, () => platform.call('GET', '/v1/models')));
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200, 429]));
    await platform.stop();
  });

  it.each([
    [{ MODELDROP_PORT: 'eighty' }, /MODELDROP_PORT must be a port/],
    [{ MODELDROP_EXAMPLES: 'no' }, /MODELDROP_EXAMPLES must be 0 or 1/],
    [{ MODELDROP_QUOTA: '0' }, /MODELDROP_QUOTA must be requests a second/],
    [{ MODELDROP_KEY: 'short' }, /MODELDROP_KEY must be 8 to 200/],
  ])('refuses %o with exit code 2', async (env, rule) => {
    await expect(startPlatform({ home: await temporaryHome(cleanups), env })).rejects.toThrow(rule);
    await expect(startPlatform({ home: await temporaryHome(cleanups), env })).rejects.toThrow(/ended with 2/);
  });

  it('says what to do about a taken port', async () => {
    const one = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
    const port = new URL(one.url).port;
    const home = await temporaryHome(cleanups);
    await expect(startPlatform({ home, env: { MODELDROP_EXAMPLES: '0', MODELDROP_PORT: port } })).rejects.toThrow(
      /the port is taken.*MODELDROP_PORT/s,
    );
    await one.stop();
  });
});
