import type {
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayRequestAuthorizerEvent,
  SQSEvent,
} from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { deployFunction } from '../../functions/deploy/handler.ts';
import { CATCH_ALL, type Route, resourceOf, routes } from '../../functions/http/routes.ts';
import { jobsFunction } from '../../functions/jobs/handler.ts';
import { memoryStore } from '../memory-store.ts';
import { watchedStore } from '../watched-store.ts';
import { expectHealthy, healthy } from './declared.ts';
import { contextOf, type House, openHouse } from './house.ts';
import { INVALID, VALID } from './json-texts.ts';
import { knownModels } from './models.ts';
import { NAUGHTY } from './naughty-strings.ts';
import { noTraining } from './no-training.ts';
import { verifyInProcess } from './verify-in-process.ts';

const RUNS = 10_000;

let house: House;
beforeAll(async () => {
  house = await openHouse(['iris', 'diagnosis']);
  await house.drop('healthy', 'model.json', healthy);
});

const [TABLE, MODELS] = [routes as readonly Route[], ['healthy', 'iris', 'diagnosis']];

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const naughty = fc.constantFrom(...NAUGHTY.filter((text) => text.length < 300));
const model = fc.oneof(
  { weight: 8, arbitrary: oneOf(...MODELS) },
  naughty.map(encodeURIComponent),
  oneOf('', '%', '%ff'),
);

const path = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(oneOf(...TABLE), model, oneOf('1', '2', '0', 'x', '99999999999999999999')).map(filled),
  },
  { weight: 1, arbitrary: naughty.map((text) => `/${encodeURIComponent(text)}`) },
  { weight: 1, arbitrary: fc.webPath() },
  { weight: 1, arbitrary: fc.string() },
);

function filled([route, name, version]: [Route, string, string]): string {
  return route.path
    .replace('{model}', name)
    .replace('{version}', version)
    .replace(/\{\w+\}/, '0123456789abcdef');
}

const resource = fc.oneof(
  { weight: 8, arbitrary: oneOf(...TABLE).map((route) => resourceOf(route.path)) },
  oneOf(CATCH_ALL, '/', '', '/{other}'),
);

const word = fc.oneof(naughty, fc.string(), oneOf('gzip', 'text/csv', 'text/libsvm', '0', '10', 'application/json'));
const headerName = fc.oneof(
  oneOf(
    'Content-Type',
    'content-encoding',
    'Inference-Header-Content-Length',
    'Accept',
    'X-Amzn-SageMaker-Target-Model',
  ),
  fc.string(),
);
const headers = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.dictionary(headerName, word, { maxKeys: 4 }) },
  fc.constant(null),
);
const query = fc.oneof(
  fc.constant(null),
  fc.dictionary(oneOf('model', 'version', '__proto__', 'x'), fc.oneof(model, word)),
);

const row = knownModels.iris.rows[0] as readonly number[];
const GOOD: string[] = [
  '{"instances":[[0.5]]}',
  JSON.stringify({ instances: [row] }),
  JSON.stringify({ inputs: [{ name: 'input', shape: [1, 4], datatype: 'FP64', data: row }] }),
  JSON.stringify({
    inputs: [{ name: 'input', shape: [1, 1], datatype: 'INT8', data: [[1]] }],
    outputs: [{ name: 'predict' }],
  }),
  JSON.stringify({ dataframe_split: { columns: ['x'], data: [[1]] } }),
  JSON.stringify({ inputs: { x: [1, 2] }, parameters: { probabilities: true } }),
  '1,2,3,4\n5,6,7,8',
  '1:1 2:2',
  '{"stable":1}',
  '{"canary":{"version":1,"weight":5}}',
  `{"file":"model.json","sha256":"${'a'.repeat(64)}"}`,
  '{"name":"n","scopes":["predict"],"models":["x"]}',
];

/** A valid body with a few of its characters changed, taken away or doubled. */
const mutated = fc
  .tuple(
    oneOf(...GOOD),
    fc.array(fc.tuple(fc.nat(), oneOf('', '"', '0', '{', ']', ',', 'null', '-', '1e999', '\\', '\u0000', 'é')), {
      maxLength: 4,
    }),
  )
  .map(([body, cuts]) =>
    cuts.reduce((text, [at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + (at % 3));
    }, body),
  );

const body = fc.oneof(
  { weight: 6, arbitrary: mutated },
  { weight: 2, arbitrary: oneOf(...GOOD) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: oneOf(...VALID.filter(short), ...INVALID.filter(short)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  fc.constant(null),
);

function short(text: string): boolean {
  return text.length < 1_000;
}

const sent = fc.oneof(
  {
    weight: 6,
    arbitrary: body.map((text) => ({ body: text && Buffer.from(text).toString('base64'), isBase64Encoded: true })),
  },
  { weight: 1, arbitrary: body.map((text) => ({ body: text, isBase64Encoded: true })) },
  { weight: 1, arbitrary: body.map((text) => ({ body: text, isBase64Encoded: false })) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
  },
);

const whole = { key: 'fuzz', tenant: 'default', scopes: 'admin', models: '*' };
const authorizer = fc.oneof(
  { weight: 9, arbitrary: fc.constant<unknown>(whole) },
  oneOf<unknown>(
    undefined,
    null,
    {},
    { ...whole, scopes: '' },
    { ...whole, models: 'own-*' },
    { ...whole, key: 1 },
    { principalId: 'x' },
  ),
);

/** The gateway's own rule: a resource and a path that fits it, or whatever else. */
const place = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(oneOf(...TABLE), model, oneOf('1', '7', 'x')).map(([route, name, version]) => ({
      httpMethod: route.method as string,
      resource: resourceOf(route.path),
      path: filled([route, name, version]),
    })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      httpMethod: oneOf('GET', 'POST', 'DELETE', 'PUT', 'OPTIONS', 'HEAD', 'x', ''),
      resource,
      path,
    }),
  },
);

const event = fc
  .tuple(place, headers, query, sent, authorizer, fc.option(fc.dictionary(oneOf('proxy', 'model'), word)), fc.boolean())
  .map(([where, sentHeaders, queryStringParameters, content, who, pathParameters, many]) => ({
    ...where,
    headers: many ? null : sentHeaders,
    multiValueHeaders:
      many && sentHeaders ? Object.fromEntries(Object.entries(sentHeaders).map(([k, v]) => [k, [v]])) : null,
    queryStringParameters,
    multiValueQueryStringParameters: null,
    pathParameters,
    stageVariables: null,
    requestContext: { requestId: 'fuzz', authorizer: who },
    ...content,
  })) as unknown as fc.Arbitrary<APIGatewayProxyEvent>;

const LEGAL = new Set([200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 413, 415, 422]);

/** A proxy integration's result as API Gateway takes it, and never an accident of ours. */
function expectWellFormed({ statusCode, headers = {}, body: text, isBase64Encoded }: APIGatewayProxyResult): void {
  if (!LEGAL.has(statusCode)) expect.fail(`${statusCode} ${text}`);
  if (typeof text !== 'string' || typeof isBase64Encoded !== 'boolean') expect.fail('no body');
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[a-z0-9-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(String(value))) expect.fail(`header ${name}: ${value}`);
  }
  if (statusCode >= 400 && typeof JSON.parse(text).error !== 'string') expect.fail(text);
}

describe(`${RUNS} events`, () => {
  test.each(['predict', 'catalog', 'control'] as const)(
    '%s answers each, and none with a fault',
    { timeout: 90_000 },
    async (name) => {
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(event, async (one) => {
          const result = await house.process[name](one, contextOf());
          expectWellFormed(result);
          statuses.set(result.statusCode, (statuses.get(result.statusCode) ?? 0) + 1);
        }),
        { numRuns: RUNS },
      );
      // Fuzzing that never gets past the door proves nothing.
      expect([...statuses.keys()].filter((status) => status < 300).length).toBeGreaterThan(0);
      expect(statuses.size).toBeGreaterThan(4);
      if (name !== 'control') await expectHealthy(house);
    },
  );

  test('authorize grants or says Unauthorized', { timeout: 90_000 }, async () => {
    const secret = oneOf(house.admin, 'md0', '');
    const credential = fc.oneof(
      secret.map((key) => `Bearer ${key}`),
      secret.map((key) => `bearer   ${key} `),
      secret.map(
        (key) => `AWS4-HMAC-SHA256 Credential=${key}/20261123/eu-west-1/sagemaker/aws4_request, SignedHeaders=host`,
      ),
      secret,
      word,
    );
    const carried = fc.dictionary(
      oneOf('Authorization', 'authorization', 'X-API-Key', 'x-api-key', 'Access-Control-Request-Method'),
      credential,
    );
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(event, fc.option(carried), fc.boolean(), async (one, credentials, many) => {
        const headers = credentials && Object.fromEntries(Object.entries(credentials).map(([k, v]) => [k, [v]]));
        const asked = {
          ...one,
          type: 'REQUEST',
          methodArn: 'arn',
          headers: many ? null : credentials,
          multiValueHeaders: many ? headers : null,
        };
        try {
          const word = await house.process.authorize(asked as unknown as APIGatewayRequestAuthorizerEvent);
          granted += 1;
          expect(word.policyDocument.Statement).toHaveLength(1);
          for (const value of Object.values(word.context ?? {})) expect(typeof value).toBe('string');
        } catch (error) {
          expect((error as Error).message).toBe('Unauthorized');
        }
      }),
      { numRuns: RUNS },
    );
    expect(granted).toBeGreaterThan(RUNS / 20);
  });
});

const files = fc.oneof(
  { weight: 3, arbitrary: mutated.map((text) => Buffer.from(text)) },
  { weight: 3, arbitrary: oneOf(...Object.values(knownModels)).map(({ bytes }) => bytes) },
  { weight: 2, arbitrary: fc.tuple(oneOf(healthy, knownModels.iris.bytes), fc.nat(), fc.nat(255)).map(overwritten) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
);

function overwritten([bytes, at, byte]: [Uint8Array, number, number]): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[at % changed.length] = byte;
  return changed;
}

const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(oneOf('a', 'b', 'c'), oneOf('model.json', 'm.txt', 'drop.json', 'examples.json', 'a.data', '.x'))
      .map(([m, f]) => `inbox/${m}/${f}`),
  },
  { weight: 2, arbitrary: fc.tuple(naughty, naughty).map(([m, f]) => `inbox/${m}/${f}`) },
  naughty,
  fc.string(),
);

const message = fc.record({
  key,
  bytes: fc.option(files),
  examples: fc.option(mutated),
  isPoison: fc.boolean(),
  isDown: fc.boolean(),
});

describe(`${RUNS} messages`, () => {
  test('deploy takes each up, refuses it or leaves it, and only a failed store brings it back', {
    timeout: 90_000,
  }, async () => {
    const inbox = watchedStore(memoryStore());
    const registry = watchedStore();
    const log = { info: () => {}, error: () => {} };
    const deploy = deployFunction({
      inbox,
      verify: verifyInProcess(inbox),
      train: noTraining,
      hasEndpoint: false,
      registry,
      now: () => 0,
      log,
    });
    const outcomes = { released: 0, refused: 0, failed: 0 };
    const lay = async (path: string, bytes: Uint8Array) => inbox.create(path, bytes).catch(() => undefined);

    await fc.assert(
      fc.asyncProperty(
        message,
        oneOf(...INVALID.filter(short), 'null', '{}', '[]', '{"detail":{"object":{"key":5}}}'),
        async (one, poison) => {
          if (one.bytes) await lay(one.key, one.bytes);
          if (one.examples !== null)
            await lay(`${one.key.split('/').slice(0, 2).join('/')}/examples.json`, Buffer.from(one.examples));
          const down = one.isDown && one.isPoison;
          const body = one.isPoison && !down ? poison : JSON.stringify({ detail: { object: { key: one.key } } });
          const before = await registry.list('models/');
          inbox.down = down;
          const { batchItemFailures } = await deploy({ Records: [{ messageId: 'm', body }] } as SQSEvent);
          inbox.down = false;
          if (batchItemFailures.length > 0) {
            outcomes.failed += 1;
            expect({ poison: one.isPoison, key: one.key }).toMatchObject({ poison: true });
          }
          if ((await registry.list('models/')).length > before.length) outcomes.released += 1;
          if (await inbox.read(`refused/${one.key.slice(6)}`).catch(() => undefined)) outcomes.refused += 1;
          for (const path of await inbox.list('')) {
            const stored = await inbox.read(path);
            if (stored) await inbox.delete(path, stored.etag);
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(outcomes.released).toBeGreaterThan(10);
    expect(outcomes.refused).toBeGreaterThan(500);
    expect(outcomes.failed).toBeGreaterThan(500);
  });
});

describe(`${RUNS} starts of a job`, () => {
  const request = fc.oneof(
    { weight: 3, arbitrary: body.map((text) => ({ asked: text ?? '' })) },
    { weight: 2, arbitrary: fc.json().map((text): unknown => JSON.parse(text)) },
    { weight: 1, arbitrary: oneOf('0'.repeat(32), '../keys', '', '%').map((job) => ({ job })) },
    { weight: 1, arbitrary: naughty.map((job) => ({ job })) },
  );

  test('each ends in an answer or in words, and none touches what is no job', { timeout: 60_000 }, async () => {
    const log = { info: () => {}, error: () => {} };
    // Its own: the other one's models may have been erased by now.
    const house = await openHouse(['line']);
    const { registry, process } = house;
    const jobs = jobsFunction({ registry, predict: process.predict, leaseMs: 1, now: () => house.now, log });
    const path = '/v1/models/line/jobs';
    const outcomes = { succeeded: 0, failed: 0, refused: 0, nothing: 0 };
    const isNoJob = (key: string): boolean => !key.startsWith('jobs/predictions/');
    const before = (await registry.list('')).filter(isNoJob);

    await fc.assert(
      fc.asyncProperty(request, async (one) => {
        const isAsked = typeof one === 'object' && one !== null && 'asked' in one;
        const reply = isAsked ? await house.api({ method: 'POST', path, body: one.asked }) : undefined;
        if (reply && reply.status !== 202) return;
        const start = reply ? { job: (reply.json as { id: string }).id } : one;
        const error = await jobs(start, contextOf()).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error instanceof TypeError) outcomes.refused += 1;
        else if (error !== undefined) expect.fail(String(error));
        else if (reply === undefined) outcomes.nothing += 1;
        else {
          const { state, error: words } = (await house.api({ path: reply.headers.location as string })).json as {
            state: 'succeeded' | 'failed';
            error?: string;
          };
          outcomes[state] += 1;
          expect(typeof words).toBe(state === 'failed' ? 'string' : 'undefined');
        }
      }),
      { numRuns: RUNS },
    );
    expect((await registry.list('')).filter(isNoJob)).toEqual(before);
    for (const [outcome, count] of Object.entries(outcomes)) expect(count, outcome).toBeGreaterThan(RUNS / 200);
  });
});
