import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bodyOf, type FakeServer, fakeServer } from '../client/fake-server.ts';
import { ended, modeldrop, start } from './command.ts';

let folder: string;
let server: FakeServer;
/** What lies in the inbox, by file. */
let inbox: Record<string, string>;
let drop: object | undefined;
/** Called once the model file is on its way; answers whether it may land. */
let modelFile: () => Promise<number>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modeldrop-'));
  await writeFile(join(folder, 'model.json'), '{}');
  await writeFile(join(folder, 'examples.json'), '[{"inputs":{},"outputs":[1]}]');
  [inbox, drop] = [{}, undefined];
  server = await fakeServer(async (request, response) => {
    const body = await bodyOf(request);
    const name = request.url?.split('/').at(-1) ?? '';
    if (request.method === 'POST') {
      const { file } = JSON.parse(body);
      const place = {
        drop: '0123456789abcdef',
        url: `${server.url}/put/${file}`,
        method: 'PUT',
        headers: {},
        expires: '',
      };
      return response.writeHead(201).end(JSON.stringify(place));
    }
    if (request.method === 'GET')
      return response.writeHead(drop ? 200 : 404).end(JSON.stringify(drop ?? { error: 'no' }));
    const status = name === 'model.json' ? await modelFile() : 200;
    if (status === 200) inbox[name] = body;
    return response.writeHead(status).end(status === 200 ? '' : '{"error":"too large"}');
  });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const pushed = () => ({ cwd: folder, env: { MODELDROP_URL: server.url, MODELDROP_KEY: 'some-key' } });
const line = ['push', 'examples.json', 'model.json', '--name', 'wine'];

it('takes back its companions when Ctrl-C comes before the model file has landed', async () => {
  const child = start(line, pushed());
  modelFile = () => {
    child.kill('SIGINT');
    return new Promise(() => {});
  };
  expect(await ended(child)).toEqual({ code: 130, stdout: '', stderr: 'modeldrop: interrupted; nothing was pushed\n' });
  expect(inbox).toEqual({ 'examples.json': '[]' });
});

it('takes back its companions when the model file is refused at the door', async () => {
  modelFile = async () => 413;
  const { code, stderr } = await modeldrop(line, pushed());
  expect([code, stderr]).toEqual([1, 'modeldrop: too large\n']);
  expect(inbox).toEqual({ 'examples.json': '[]' });
});

it('says what goes on when Ctrl-C comes later', async () => {
  const child = start(line, pushed());
  modelFile = async () => {
    setTimeout(() => child.kill('SIGINT'), 300);
    return 200;
  };
  const { code, stderr } = await ended(child);
  expect(code).toBe(130);
  expect(stderr).toBe('modeldrop: interrupted; the upload is complete, and its drop 0123456789abcdef goes on\n');
  expect(inbox['examples.json']).toContain('inputs');
});

it('waits for a new verdict on bytes that were refused before', async () => {
  const verdict = { id: '0123456789abcdef', model: 'wine', file: 'model.json' };
  drop = { ...verdict, state: 'refused', error: 'of yesterday', updatedAt: '2026-01-01T00:00:00.000Z' };
  modelFile = async () => {
    setTimeout(() => {
      drop = { ...verdict, state: 'released', version: 3, updatedAt: '2026-01-02T00:00:00.000Z' };
    }, 300);
    return 200;
  };
  const { code, stdout } = await modeldrop(line, pushed());
  expect([code, stdout]).toEqual([0, `wine: version 3 serves\n${server.url}/v1/models/wine:predict\n`]);
});
