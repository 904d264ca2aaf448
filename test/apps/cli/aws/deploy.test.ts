import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listKeys } from '../../../../adapters/registry/keys.ts';
import { type DeployOptions, deploy } from '../../../../apps/cli/aws/deploy.ts';
import { Failure, Misuse } from '../../../../apps/cli/failures.ts';
import { type FakeOptions, fakeCloud, fakeTerminal, OPERATOR } from './fake-cloud.ts';

/** Answers as a platform without models does; 500 to the listing while it is broken. */
let server: Server;
let url: string;
let broken = false;
const asked: (string | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const listing = request.url === '/v2/repository/index';
    response.statusCode = listing && broken ? 401 : 200;
    response.end(listing ? (broken ? '{"error":"unknown key"}' : '[]') : '{"ready":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function run(
  options: Partial<DeployOptions> = {},
  terminalOptions: Parameters<typeof fakeTerminal>[0] = {},
  fake = fakeCloud({ url }),
) {
  const { terminal, out, err } = fakeTerminal(terminalOptions);
  const failure = await deploy(terminal, { stage: 'dev', ...options }, fake.reach).catch((error: Error) => error);
  return { failure, out: out(), err: err(), did: fake.did, registry: fake.registry };
}

const withFake = (options: FakeOptions) => fakeCloud({ url, ...options });

describe('deploy', () => {
  it('deploys what it has shown, and tells the first admin key once', async () => {
    const fake = withFake({});
    const first = await run({ yes: true }, {}, fake);
    expect(first.failure).toBeUndefined();
    expect(first.did).toEqual(['synthesize', 'deploy']);
    expect(first.err).toContain(
      'stage dev, account 123456789012, region eu-north-1\nModeldrop-dev-Storage: new, 1 resource',
    );
    expect(first.err).toContain('Modeldrop-dev-Serving: create complete\n');
    expect(first.err).toContain('It answers, with 0 models.');
    expect(first.err).toContain('aws s3 cp model.json s3://the-inbox/inbox/wine/');
    const [, key] = /^key {4}(md[0-9a-f]{64})$/m.exec(first.out) ?? [];
    expect(first.out).toBe(`url    ${url}\ninbox  s3://the-inbox/inbox/<model>/\nkey    ${key}\n`);
    expect(asked.at(-1)).toBe(`Bearer ${key}`);
    expect(await listKeys(fake.registry)).toMatchObject([{ scopes: ['admin'], createdBy: OPERATOR.arn }]);

    const second = await run({ yes: true }, {}, fake);
    expect(second.failure).toBeUndefined();
    expect(second.err).toContain('Modeldrop-dev-Storage: stays as it is');
    expect(second.out).not.toContain('key');
    expect(await listKeys(fake.registry)).toHaveLength(1);
  });

  it('is one document with --json', async () => {
    const { out } = await run({ yes: true, json: true });
    const key = expect.stringMatching(/^md/);
    const proof = { ready: true, models: [] };
    expect(JSON.parse(out)).toEqual({ url, inbox: 'the-inbox', registry: 'the-registry', key, proof });
  });

  it.each([[{}], [{ json: true }]])('tells the key even where the platform then fails (%j)', async (options) => {
    broken = true;
    const { failure, out } = await run({ yes: true, ...options }).finally(() => {
      broken = false;
    });
    expect((failure as unknown as Error).message).toBe('unknown key');
    expect(out).toMatch(/md[0-9a-f]{64}/);
  });

  it('asks a person, and goes on at yes only', async () => {
    const agreed = await run({}, { answer: 'yes' });
    expect([agreed.failure, agreed.did]).toEqual([undefined, ['synthesize', 'deploy']]);
    const declined = await run({}, { answer: 'y' });
    expect(declined.failure).toEqual(new Failure('nothing was changed'));
    expect(declined.did).toEqual(['synthesize']);
  });

  it('touches nothing where nobody can be asked, the stage is wrong, or a check fails', async () => {
    const nobody = await run();
    expect(nobody.failure).toBeInstanceOf(Misuse);
    const stage = await run({ stage: 'staging', yes: true });
    expect(stage.failure).toBeInstanceOf(Misuse);
    const address = await run({ url: 'models.example', yes: true });
    expect(address.failure).toBeInstanceOf(Misuse);
    const { account } = fakeCloud().cloud;
    const bare = withFake({ overrides: { account: { ...account, bootstrapVersion: async () => undefined } } });
    const unready = await run({ yes: true }, {}, bare);
    expect(unready.failure).toBeInstanceOf(Failure);
    for (const { did } of [nobody, stage, address, unready]) expect(did).toEqual([]);
  });

  it('asks with your key where the platform has one, but never with another platform’s', async () => {
    const fake = withFake({});
    await run({ yes: true }, {}, fake);
    await run({ yes: true }, { env: { MODELDROP_KEY: 'mine' } }, fake);
    expect(asked.at(-1)).toBe('Bearer mine');
    const env = { MODELDROP_KEY: 'theirs', MODELDROP_URL: 'https://elsewhere.example' };
    const { failure, err } = await run({ yes: true }, { env }, fake);
    expect(failure).toBeUndefined();
    expect(asked.at(-1)).toBe('Bearer');
    expect(err).toContain('set MODELDROP_KEY');
  });
});
