import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionFrom } from '../../../apps/cli/connection.ts';

const NOTE = { url: 'http://127.0.0.1:8080', key: 'local-key' };
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'modeldrop-'));
  await writeFile(join(home, 'platform.json'), JSON.stringify(NOTE));
});
afterAll(() => rm(home, { recursive: true }));

const from = (env: Record<string, string>) => connectionFrom({ MODELDROP_HOME: home, ...env });

describe('connectionFrom', () => {
  it('takes the platform of this folder where nothing is stated', async () => {
    expect(await from({})).toEqual(NOTE);
    expect(await from({ MODELDROP_URL: '', MODELDROP_KEY: '' })).toEqual(NOTE);
  });

  it('takes what is stated', async () => {
    const stated = { url: 'https://models.example', key: 'my-key' };
    expect(await from({ MODELDROP_URL: stated.url, MODELDROP_KEY: stated.key })).toEqual(stated);
    expect(await from({ MODELDROP_KEY: 'my-key' })).toEqual({ ...NOTE, key: 'my-key' });
    expect(await from({ MODELDROP_URL: `${NOTE.url}/` })).toEqual(NOTE);
  });

  it('never brings the local key to another platform', async () => {
    await expect(from({ MODELDROP_URL: 'https://models.example' })).rejects.toThrow('MODELDROP_KEY is not');
  });

  it('names a note that is none', async () => {
    const torn = join(home, 'torn');
    await expect(connectionFrom({ MODELDROP_HOME: torn })).rejects.toThrow('npm start');
    await writeFile(torn, '');
    await expect(connectionFrom({ MODELDROP_HOME: torn })).rejects.toThrow('npm start');
    await writeFile(join(home, 'platform.json'), '{"url"');
    await expect(from({})).rejects.toThrow('platform.json must hold {"url", "key"}');
  });
});
