import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveChannel } from '../../adapters/registry/channels.ts';
import { createKey, type Key, newSecret, revokeKey } from '../../adapters/registry/keys.ts';
import { publish } from '../../adapters/registry/versions.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import type { Store } from '../../adapters/store/store.ts';
import { bundle } from '../../infra/aws/constructs/bundle.ts';
import { dev } from '../../infra/aws/stages/dev.ts';
import type { Gateway } from '../../infra/local/gateway/gateway.ts';
import { inspect } from '../../models/formats/inspect.ts';
import { release } from '../../models/release.ts';
import { slopeModel } from '../journey/slope-model.ts';
import { type Moto, startMoto } from '../moto.ts';
import { gatewayInFrontOf } from './gateway-in-front.ts';
import { type Invocation, type LambdaPool, lambdaPool } from './lambda-runtime/pool.ts';

const moto = await startMoto();

/** Longer than anything may be believed unasked. */
const LONG_FREEZE_MS = 6_000;
const IN_FORCE_WITHIN_MS = 5_000;
const MODEL = 'line';
const by = { by: 'test', at: new Date().toISOString() };

describe.skipIf(moto === undefined)('across a freeze', { timeout: 60_000 }, () => {
  let bucket: string;
  let registry: Store;
  let gateway: Gateway;
  let admin: string;
  const pools: LambdaPool[] = [];
  const folders: string[] = [];
  /** How each verb's last invocation went. */
  const last: Record<string, Invocation> = {};

  /** The function as it is deployed: bundled, in sandboxes that freeze. */
  async function deployed(verb: 'authorize' | 'predict', extra: Record<string, string> = {}) {
    const folder = await mkdtemp(join(tmpdir(), `${verb}-`));
    folders.push(folder);
    bundle(verb, folder);
    const pool = await lambdaPool({
      code: { folder },
      configuration: {
        name: verb,
        handler: 'index.handler',
        memoryMegabytes: dev.memory[verb],
        timeoutSeconds: 10,
        region: 'us-east-1',
        credentials: { accessKeyId: 'moto', secretAccessKey: 'moto', sessionToken: 'moto' },
        environment: {
          MODELDROP_RELEASE: 'test',
          MODELDROP_REGISTRY_BUCKET: bucket,
          AWS_ENDPOINT_URL: (moto as Moto).url,
          ...extra,
        },
      },
    });
    pools.push(pool);
    return async (event: unknown) => {
      last[verb] = await pool.invoke(event);
      return last[verb];
    };
  }

  const versionOf = async (slope: number): Promise<number> => {
    const file = { name: 'model.json', bytes: new TextEncoder().encode(slopeModel(slope)) };
    const { content } = inspect(file, {});
    return (await publish(registry, { model: MODEL, content, files: [file], ...by })).version;
  };

  const releases = (stable: number) =>
    moveChannel(registry, MODEL, (channel) => release(channel, { stable }, { model: MODEL, versions: [1, 2], ...by }));

  const newKey = async (): Promise<{ secret: string; key: Key }> => {
    const secret = newSecret();
    const grant = { name: 'test', tenant: 'default', scopes: ['predict' as const], models: ['*'] };
    return { secret, key: await createKey(registry, secret, grant, by) };
  };

  /** What three of x is by the model in force; the status where there is no answer. */
  const ask = async (secret: string): Promise<number> => {
    const response = await fetch(`${gateway.url}/v1/models/${MODEL}:predict`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify({ instances: [[3]] }),
    });
    if (!response.ok) return response.status;
    const { predictions } = (await response.json()) as { predictions: number[] };
    return predictions[0] as number;
  };

  beforeAll(async () => {
    bucket = await (moto as Moto).bucket();
    registry = s3Store({ bucket, client: (moto as Moto).s3() });
    await versionOf(1);
    await versionOf(2);
    admin = (await newKey()).secret;
    const never = () => Promise.reject(new Error('is not part of this test'));
    gateway = await gatewayInFrontOf({
      authorize: await deployed('authorize', { MODELDROP_METER_KEYS: '{}' }),
      predict: await deployed('predict'),
      catalog: never,
      control: never,
    });
  });

  afterAll(async () => {
    await gateway?.close();
    for (const pool of pools) await pool.close();
    for (const folder of folders) await rm(folder, { recursive: true });
    await moto?.stop();
  });

  test('a release and a revoked key are in force on the first answer after a thaw', async () => {
    await releases(1);
    const { secret, key } = await newKey();
    expect(await ask(secret)).toBe(3);
    await releases(2);
    await revokeKey(registry, key.id);
    await sleep(LONG_FREEZE_MS);
    expect(await ask(secret)).toBe(401);
    expect(last.authorize?.frozenMs).toBeGreaterThan(IN_FORCE_WITHIN_MS);
    expect(await ask(admin)).toBe(6);
    expect(last.predict?.frozenMs).toBeGreaterThan(IN_FORCE_WITHIN_MS);
    expect(pools.map((pool) => pool.size())).toEqual([1, 1]);
  });

  test('a release and a revoked key are in force within 5 s in sandboxes that are frozen and thawed all the time', async () => {
    await releases(1);
    await sleep(IN_FORCE_WITHIN_MS);
    const { secret, key } = await newKey();
    expect([await ask(secret), await ask(admin)]).toEqual([3, 3]);
    await releases(2);
    await revokeKey(registry, key.id);
    const inForceAt = performance.now() + IN_FORCE_WITHIN_MS;
    const early = new Set<number>();
    while (performance.now() < inForceAt) {
      for (const answer of [await ask(secret), await ask(admin)]) early.add(answer);
      await sleep(100);
    }
    expect([...early].filter((answer) => ![3, 6, 401].includes(answer))).toEqual([]);
    for (let i = 0; i < 3; i++) expect([await ask(secret), await ask(admin)]).toEqual([401, 6]);
    expect(last.predict?.frozenMs).toBeLessThan(1_000);
  });
});
