import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endless } from '../models/formats/onnx/written.ts';
import { type RunningPlatform, startPlatform, temporaryHome } from './running-platform.ts';
import { dropFile, slopeModel } from './slope-model.ts';

const cleanups: (() => Promise<void>)[] = [];
let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatform({ home: await temporaryHome(cleanups), env: { MODELDROP_EXAMPLES: '0' } });
});

afterAll(async () => {
  expect(await platform?.stop()).toBe(0);
  for (const cleanup of cleanups) await cleanup();
});

const served = async (model: string): Promise<void> => {
  while ((await platform.call('GET', `/v1/models/${model}`)).status !== 200) await sleep(50);
};

const ticketFor = async (model: string, content: string, headers = {}) => {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const answer = await platform.call('POST', `/v1/models/${model}/uploads`, { file: 'model.json', sha256 }, headers);
  return (await answer.json()) as { url: string; headers: Record<string, string> };
};

describe('the inbox', () => {
  it('serves a good model, whatever lies beside and before it', async () => {
    const inbox = join(platform.home, 'inbox');
    await mkdir(join(inbox, 'pipe'), { recursive: true });
    await promisify(execFile)('mkfifo', [join(inbox, 'pipe/examples.json'), join(inbox, 'pipe/model.json')]);
    await mkdir(join(inbox, 'folder/drop.json'), { recursive: true });
    await dropFile(platform.home, 'folder', 'model.json', slopeModel(2));
    for (let i = 0; i < 20; i++) await dropFile(platform.home, 'broken', `${i}.json`, '{"modeldrop": 1');
    await dropFile(platform.home, 'good', 'model.json', slopeModel(3));
    await Promise.all([served('folder'), served('good')]);
  });

  it('waits with a model for what its drop.json lists', async () => {
    await dropFile(platform.home, 'listed', 'drop.json', '{"files":["model.json","drop.json","examples.json"]}');
    await dropFile(platform.home, 'listed', 'model.json', slopeModel(2));
    const drops = async () => (await platform.call('GET', '/v1/models/listed/drops')).text();
    while (!(await drops()).includes('received')) await sleep(50);
    await dropFile(platform.home, 'listed', 'examples.json', '[{"inputs":{"instances":[[3]]},"outputs":[6]}]');
    await served('listed');
    const card = await (await platform.call('GET', '/v1/models/listed/card')).json();
    expect(card).toMatchObject({ goldenExamples: 1 });
  });

  it('follows no link out of itself', async () => {
    const secret = join(platform.home, 'secret.json');
    await writeFile(secret, 'root:x:0:0');
    await mkdir(join(platform.home, 'inbox/linked'), { recursive: true });
    await symlink(secret, join(platform.home, 'inbox/linked/examples.json'));
    await dropFile(platform.home, 'linked', 'model.json', slopeModel(2));
    await served('linked');
    const drops = await (await platform.call('GET', '/v1/models/linked/drops')).text();
    expect(drops).not.toContain('root');
  });

  it('keeps the reason of a refusal from who may only predict', async () => {
    const created = await platform.call('POST', '/v1/keys', { name: 'p', scopes: ['predict'], models: ['*'] });
    const { key } = (await created.json()) as { key: string };
    const reader = { authorization: `Bearer ${key}` };
    await dropFile(platform.home, 'private', 'model.json', '{"modeldrop": 1, "kind": "SECRET-ROW"}');
    const reason = async (headers = {}) =>
      (await platform.call('GET', '/v1/models/private/drops', undefined, headers)).text();
    while (!(await reason()).includes('refused')) await sleep(50);
    expect(await reason()).toContain('SECRET-ROW');
    expect(await reason(reader)).not.toContain('SECRET-ROW');
  });
});

describe('an upload', () => {
  it('is taken once', async () => {
    const { url, headers } = await ticketFor('uploaded', slopeModel(4));
    const put = () => fetch(url, { method: 'PUT', headers, body: slopeModel(4) });
    expect((await put()).status).toBe(200);
    await served('uploaded');
    expect((await put()).status).toBe(403);
  });

  it('is what was announced', async () => {
    const { url, headers } = await ticketFor('other', slopeModel(4));
    const answer = await fetch(url, { method: 'PUT', headers, body: slopeModel(5) });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('SHA-256');
  });

  it.each([
    ['without a ticket', {}, 403],
    ['of too much', { 'content-length': '2147483648' }, 403],
    ['of no media type', { 'content-type': 'x' }, 403],
  ])('%s is refused before it is read', async (_, headers, status) => {
    const { hostname, port } = new URL(platform.url);
    const lines = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      `curl -s -m 5 -o /dev/null -w '%{http_code}' -X PUT ${lines.join(' ')} http://${hostname}:${port}/uploads/garbage`,
    ]);
    expect(Number(stdout)).toBe(status);
  });
});

it('keeps the running platform its key when another start on its port fails', async () => {
  const port = new URL(platform.url).port;
  const env = { MODELDROP_KEY: 'another-admin-key', MODELDROP_PORT: port, MODELDROP_EXAMPLES: '0' };
  await expect(startPlatform({ home: platform.home, env })).rejects.toThrow(/the port is taken/);
  await sleep(6_000);
  expect((await platform.call('GET', '/v1/keys')).status).toBe(200);
  expect(JSON.parse(await readFile(join(platform.home, 'platform.json'), 'utf8')).url).toBe(platform.url);
});

it('serves a good model while four others are proved without end', { timeout: 120_000 }, async () => {
  const stateOf = async (model: string): Promise<string> => {
    const answer = await platform.call('GET', `/v1/models/${model}/drops`);
    return ((await answer.json()) as { drops?: { state: string }[] }).drops?.[0]?.state ?? 'none';
  };
  const hanging = Array.from({ length: 4 }, (_, i) => `hanging-${i}`);
  for (const model of hanging) await dropFile(platform.home, model, 'model.onnx', endless());
  for (const model of hanging) while ((await stateOf(model)) !== 'verifying') await sleep(50);
  await dropFile(platform.home, 'patient', 'model.json', slopeModel(3));
  await served('patient');
  expect(await Promise.all(hanging.map(stateOf))).toEqual(hanging.map(() => 'verifying'));
});
