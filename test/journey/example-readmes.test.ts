import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups) });
});

afterAll(async () => {
  await platform?.stop();
  for (const cleanup of cleanups) await cleanup();
});

/** The block of an example's README that holds `words`, as a newcomer would paste it. */
async function paste(name: string, words: string): Promise<string> {
  const readme = await readFile(join(root, 'examples', name, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const block = blocks.find((text) => text.includes(words)) ?? '';
  const text = block
    .replaceAll('http://127.0.0.1:8080', platform.url)
    .replaceAll('npx modeldrop', `node ${join(root, 'apps/cli/entry.ts')}`);
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    MODELDROP_KEY: KEY,
    MODELDROP_URL: platform.url,
  };
  return (await run('bash', ['-euo', 'pipefail', '-c', text], { cwd: root, env })).stdout;
}

describe.each([
  // Scikit-learn's answer to that row; the label of that row; what the simulation was told about such a person.
  ['diabetes', ':explain', (answer: Answer) => expect(answer.predictions[0]).toBeCloseTo(209.4120403, 6)],
  ['digits-svm', ':predict', (answer: Answer) => expect(answer.predictions).toEqual([0])],
  ['default-risk', ':predict', (answer: Answer) => expect(answer.predictions).toMatchObject([{ label: 'yes' }])],
])('the README of %s', (name, call, check) => {
  it('calls what the first start has trained', async () => check(JSON.parse(await paste(name, call))));

  it('trains the next version of the model by its one command', async () => {
    expect(await paste(name, 'modeldrop train')).toContain(`/v1/models/${name}:predict`);
    const { versions } = (await (await platform.call('GET', `/v1/models/${name}/versions`)).json()) as {
      versions: unknown[];
    };
    expect(versions).toHaveLength(2);
  });
});

it('the README of digits-cascade sends an image, and is told who answered', async () => {
  const answer = JSON.parse(await paste('digits-cascade', ':predict'));
  expect(answer).toMatchObject({ predictions: [3], parameters: { answered_by: ['small'] } });
});

it.each([
  ['digits-cnn', 3],
  ['digits-rnn', 0],
])('the README of %s asks the endpoint', async (name, digit) => {
  const [scores] = (JSON.parse(await paste(name, ':predict')) as { predictions: [number[]] }).predictions;
  expect(scores.indexOf(Math.max(...scores))).toBe(digit);
});

describe('an image', () => {
  const send = async (path: string, type: string, body: Uint8Array) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': type };
    const answer = await fetch(`${platform.url}${path}`, { method: 'POST', headers, body: Uint8Array.from(body) });
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  const three = () => readFile(join(root, 'examples/digits-cascade/three.png'));

  it.each([
    '/v1/models/digits-cascade/invocations?probabilities=true',
    '/invocations?model=digits-cascade&probabilities=true',
    '/endpoints/digits-cascade/invocations?probabilities=true',
  ])('is taken by %s', async (path) => {
    expect(await send(path, 'image/png', await three())).toMatchObject({ status: 200, predictions: [{ label: 3 }] });
  });

  it.each([
    ['of a model that takes none', 'digits-svm', 'image/png', 415, /declares no "image"/],
    ['of another type', 'digits-cnn', 'image/gif', 415, /must be image\/png or image\/jpeg/],
    ['under a wrong type', 'digits-cnn', 'image/jpeg', 400, /must be a whole file of image\/jpeg/],
  ])('%s is refused', async (_, model, type, status, words) => {
    const answer = await send(`/v1/models/${model}:predict`, type, await three());
    expect(answer).toMatchObject({ status, error: expect.stringMatching(words) });
  });
});

interface Answer {
  readonly predictions: readonly unknown[];
}
