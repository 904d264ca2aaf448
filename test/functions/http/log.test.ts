import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deployFunction } from '../../../functions/deploy/handler.ts';
import { framesOf, type Log, powertoolsLog } from '../../../functions/http/log.ts';
import { observerFailures } from '../../../functions/http/observing.ts';
import { expectHealthy, healthy } from '../declared.ts';
import { type House, landed, openHouse } from '../house.ts';
import { noTraining } from '../no-training.ts';
import { verifyInProcess } from '../verify-in-process.ts';

/** Stands for what a caller would not want to find in a log. */
const SECRET = 'Sentinel7f3a';
const NUMBER = '73577357.25';

let written: string[];
beforeEach(() => {
  written = [];
  const keep = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(keep);
});
afterEach(() => vi.restoreAllMocks());

const namesOf = (lines: readonly string[]) => [...new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))))];

async function logged(): Promise<House> {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  const house = await openHouse([], { log: powertoolsLog('test') });
  const model = {
    modeldrop: 1,
    kind: 'linear',
    features: [SECRET],
    parameters: { coefficients: [[1]], intercept: [0] },
  };
  await house.drop('secretive', 'model.json', Buffer.from(JSON.stringify(model)));
  written.length = 0;
  return house;
}

describe('what is written at level INFO', () => {
  test('says which request, and nothing of what was in it', async () => {
    const house = await logged();
    const headers = { 'X-Secret': SECRET, 'Content-Type': `text/${SECRET}`, Cookie: SECRET, 'User-Agent': SECRET };
    const tensor = { name: SECRET, shape: [1, 1], datatype: 'FP64', data: [Number(NUMBER)] };
    const requests: [string, string, unknown][] = [
      ['POST', '/v1/models/secretive:predict', { instances: [{ [SECRET]: Number(NUMBER) }] }],
      ['POST', '/v1/models/secretive:predict', { instances: [{ [SECRET]: SECRET }] }],
      ['POST', '/v1/models/secretive:predict', `{"instances": ${SECRET} ${NUMBER}`],
      ['POST', '/v1/models/secretive:predict', Buffer.concat([Buffer.from(SECRET), Buffer.from([0xff])])],
      ['POST', '/v2/models/secretive/infer', { id: SECRET, inputs: [tensor] }],
      ['POST', '/v2/models/secretive/infer', { inputs: [{ ...tensor, datatype: SECRET }] }],
      ['POST', `/invocations?model=secretive&${SECRET}=${SECRET}`, { dataframe_records: [{ x: SECRET }] }],
      ['POST', `/endpoints/secretive/invocations?${SECRET}`, `"${SECRET}"`],
      ['POST', `/v1/models/${SECRET}:predict`, {}],
      ['GET', `/v2/models/secretive/versions/${SECRET}`, undefined],
      ['GET', `/${SECRET}?${SECRET}`, undefined],
      ['POST', '/v1/keys', { name: SECRET, scopes: [SECRET] }],
      ['POST', '/v1/keys', { name: SECRET, scopes: ['predict'], models: ['a'] }],
      ['POST', '/v1/models/secretive/uploads', { file: SECRET, sha256: 'a'.repeat(64) }],
      ['POST', '/v1/models/secretive/release', { stable: SECRET }],
      ['GET', '/openapi.json', undefined],
      ['OPTIONS', `/${SECRET}`, undefined],
    ];
    for (const [method, path, body] of requests) await house.api({ method, path, headers, body });
    const text = written.join('');
    expect(written.length).toBeGreaterThanOrEqual(requests.length - 1);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(NUMBER);
    expect(text).not.toContain(house.admin);
    expect(namesOf(written).toSorted()).toEqual(
      [
        'level',
        'time',
        'function',
        'message',
        'request_id',
        'operation',
        'method',
        'status',
        'duration_ms',
        'tenant',
        'key_id',
        'error',
      ].toSorted(),
    );
  });

  test('says of a fault where it was, and not in what words', async () => {
    const house = await logged();
    house.registry.before = () => {
      throw new TypeError(`${SECRET}\n    at ${SECRET} (${SECRET}.ts:1:1)`);
    };
    house.pass(10_000);
    const { event } = await import('../house.ts').then(({ eventOf }) => eventOf({ path: '/v1/models' }));
    event.requestContext.authorizer = { key: 'k', tenant: 't', scopes: 'predict', models: '*' };
    const { statusCode, body } = await house.process.catalog(event, {} as never);
    expect(statusCode).toBe(500);
    expect(body).toContain(event.requestContext.requestId);
    expect(body + written.join('')).not.toContain(SECRET);
    const lines = written.map((line) => JSON.parse(line));
    expect(lines.find(({ message }) => message === 'unexpected')).toMatchObject({
      error: 'TypeError',
      frames: expect.arrayContaining([expect.stringContaining('store.ts')]),
    });
  });

  test('says of a drop that failed nothing of what was dropped', async () => {
    const house = await logged();
    await house.inbox.create(`inbox/m/${SECRET}.json`, Buffer.from(`{"modeldrop":1,"kind":"${SECRET}"}`));
    await house.inbox.create('inbox/m/examples.json', Buffer.from(`[${SECRET}`));
    const deploy = deployFunction({
      inbox: house.inbox,
      verify: verifyInProcess(house.inbox),
      train: noTraining,
      hasEndpoint: false,
      registry: house.registry,
      now: () => 0,
      log: house.log,
    });
    await deploy(landed(`inbox/m/${SECRET}.json`));
    await deploy({ Records: [{ messageId: '1', body: SECRET }] } as never);
    expect(written.join('')).not.toContain(SECRET);
    expect(written.join('')).toContain('drop failed');
  });

  test('drops a field that has no name here', () => {
    powertoolsLog('test').info('request', { status: 200, body: SECRET, headers: { a: SECRET } } as never);
    expect(written.join('')).toContain('"status":200');
    expect(written.join('')).not.toContain(SECRET);
  });
});

test('frames are places in code, whatever the words of an error look like', () => {
  const error = new Error(`one\n    at ${SECRET} (a.ts:1:1)\n    at ${SECRET} (b.ts:1:1)`);
  expect(framesOf(error).length).toBeGreaterThan(0);
  expect(framesOf(error).join()).not.toContain(SECRET);
  expect(framesOf('no error')).toEqual([]);
});

describe('an observer that throws', () => {
  const broken = (): never => {
    throw new Error('the observer is broken');
  };
  const fittings = {
    log: { info: broken, error: broken } satisfies Log,
    meter: { attempt: broken, record: broken, stats: broken },
  };

  test.each([
    ['log', { log: fittings.log }],
    ['meter', { meter: fittings.meter }],
    ['log and meter', fittings],
  ])('breaks no answer: %s', async (_, parts) => {
    const house = await openHouse([], parts);
    await house.drop('healthy', 'model.json', healthy);
    const lost = observerFailures();
    await expectHealthy(house);
    expect((await house.api({ method: 'POST', path: '/v1/models/healthy:predict', body: {} })).status).toBe(400);
    expect((await house.api({ path: '/nowhere' })).status).toBe(404);
    expect(observerFailures()).toBeGreaterThan(lost);
  });

  test('breaks no answer to a fault', async () => {
    const house = await openHouse([], fittings);
    house.registry.before = (question) => {
      if (question.startsWith('list')) throw new TypeError('a bug');
    };
    expect((await house.api({ path: '/v1/models' })).status).toBe(500);
  });

  test('breaks no deployment', async () => {
    const house = new (await import('../house.ts')).House({ log: fittings.log });
    const deploy = deployFunction({
      inbox: house.inbox,
      verify: verifyInProcess(house.inbox),
      train: noTraining,
      hasEndpoint: false,
      registry: house.registry,
      now: () => 0,
      log: house.log,
    });
    const { batchItemFailures } = await deploy({ Records: [{ messageId: '7', body: '{' }] } as never);
    expect(batchItemFailures).toEqual([{ itemIdentifier: '7' }]);
  });

  test('is counted, and the next line that can be written says so', async () => {
    const lines: object[] = [];
    const house = await openHouse([], {
      meter: fittings.meter,
      log: { info: (_, line) => lines.push(line), error: () => {} },
    });
    await house.drop('healthy', 'model.json', healthy);
    await expectHealthy(house);
    expect(lines.at(-1)).toMatchObject({ observer_failures: observerFailures() });
  });
});
