import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type RunningPlatform, startPlatform, temporaryHome } from './journey/running-platform.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const cleanups: (() => Promise<void>)[] = [];

let platform: RunningPlatform;
let blocks: { readonly language: string; readonly text: string }[];
let folder: string;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups) });
  folder = await temporaryHome(cleanups);
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  blocks = [...readme.matchAll(/^```(sh|js)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
});

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

/** The block that holds `words`, as a newcomer would paste it, against the server of this test. */
async function paste(words: string): Promise<string> {
  const block = blocks.find(({ text }) => text.includes(words));
  if (block === undefined) throw new Error(`no block in the README has "${words}"`);
  const text = block.text.replaceAll('http://127.0.0.1:8080', platform.url);
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    MODELDROP_KEY: KEY,
    MODELDROP_URL: platform.url,
  };
  if (block.language === 'js') {
    const file = join(root, 'node_modules', `.readme-${process.pid}.mjs`);
    await writeFile(file, text);
    return (await run('node', [file], { cwd: folder, env })).stdout;
  }
  // `npx modeldrop` finds the command from the project's folder only.
  const here = text
    .replaceAll('npx modeldrop', `node ${join(root, 'apps/cli/entry.ts')}`)
    .replaceAll(' examples/', ` ${root}/examples/`);
  return (await run('bash', ['-euo', 'pipefail', '-c', here], { cwd: folder, env })).stdout;
}

const hasAws = (process.env.PATH ?? '').split(':').some((place) => existsSync(join(place, 'aws')));

describe('the README', () => {
  it('gives the two commands', () => {
    expect(blocks.slice(0, 2).map(({ text }) => text.trim())).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  });

  it('predicts by curl, and the answer marks what is outside', async () => {
    const { predictions, parameters } = JSON.parse(await paste('linear-regression:predict'));
    // Least squares through the 80 training rows, by an independent reference.
    [5.06887573, 7.03577614, 9.00267654, 10.96957694].forEach((expected, i) => {
      expect(predictions[i]).toBeCloseTo(expected, 7);
    });
    expect(parameters.outside.map(({ value }: { value: number }) => value)).toEqual([2, 3, 4, 5]);
  });

  it.skipIf(!hasAws && !process.env.CI)('predicts by the aws command (skipped where there is none)', async () => {
    expect(await paste('aws sagemaker-runtime')).toContain('{"predictions":[1]}');
  });

  it('predicts by the unmodified AWS SDK', async () => {
    expect(await paste('SageMakerRuntimeClient')).toBe('{"predictions":[1]}\n');
  });

  it('trains a model from a table and serves it', async () => {
    const printed = await paste('npx modeldrop train');
    expect(printed).toContain('logistic, because target holds 2 integers');
    expect(printed).toContain(`${platform.url}/v1/models/biopsy:predict`);
    expect((await platform.call('GET', '/v1/models/biopsy')).status).toBe(200);
  });

  it('pushes a model and predicts with it', async () => {
    expect(await paste('npx modeldrop push')).toContain(String(9100 * 3 + 1200 * 80 + 18000));
  });

  it('shows models, versions, keys and the doctor', async () => {
    const printed = await paste('npx modeldrop doctor');
    expect(printed).toContain('house');
    expect(printed).toMatch(/^md[0-9a-f]{64}$/m);
  });
});
