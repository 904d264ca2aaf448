import { beforeAll, describe, expect, test } from 'vitest';
import { MODEL_NAME } from '../../../models/model-name.ts';
import { declaredBy, expectHealthy, healthy, refusalsOf } from '../declared.ts';
import { type House, openHouse, type Reply, type Request } from '../house.ts';
import { NAUGHTY, NAUGHTY_SEGMENTS } from '../naughty-strings.ts';
import { type Labelled, predictionsOf, v2Of } from '../replies.ts';

let house: House;
let expectDeclared: (reply: Reply) => void;
let expectRefusal: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse();
  await house.drop('healthy', 'model.json', healthy);
  expectDeclared = await declaredBy(house);
  expectRefusal = await refusalsOf(house);
});

test('there are enough of them, and none is the name of a model here', () => {
  expect(NAUGHTY.length).toBeGreaterThan(500);
  expect(new Set(NAUGHTY).size).toBe(NAUGHTY.length);
  expect(NAUGHTY).not.toContain('healthy');
});

const instances = { instances: [[0.5]] };

describe('as the name of a model', () => {
  test.each<[string, (name: string) => Request]>([
    [
      'POST /v1/models/{model}:predict',
      (name) => ({ method: 'POST', path: `/v1/models/${name}:predict`, body: instances }),
    ],
    ['POST /v2/models/{model}/infer', (name) => ({ method: 'POST', path: `/v2/models/${name}/infer`, body: {} })],
    [
      'POST /v1/models/{model}/invocations',
      (name) => ({ method: 'POST', path: `/v1/models/${name}/invocations`, body: instances }),
    ],
    [
      'POST /endpoints/{model}/invocations',
      (name) => ({ method: 'POST', path: `/endpoints/${name}/invocations`, body: instances }),
    ],
    ['GET /v1/models/{model}', (name) => ({ path: `/v1/models/${name}` })],
    ['GET /v2/models/{model}', (name) => ({ path: `/v2/models/${name}` })],
    ['GET /v2/models/{model}/stats', (name) => ({ path: `/v2/models/${name}/stats` })],
    ['GET /v1/models/{model}/card', (name) => ({ path: `/v1/models/${name}/card` })],
    ['GET /v1/models/{model}/drops', (name) => ({ path: `/v1/models/${name}/drops/0123456789abcdef` })],
    [
      'POST /v1/models/{model}/release',
      (name) => ({ method: 'POST', path: `/v1/models/${name}/release`, body: { stable: 1 } }),
    ],
    ['POST /v1/models/{model}/rollback', (name) => ({ method: 'POST', path: `/v1/models/${name}/rollback` })],
    ['DELETE /v1/models/{model}', (name) => ({ method: 'DELETE', path: `/v1/models/${name}` })],
  ])('%s answers 404, or 400 for what does not decode', async (_, requestOf) => {
    for (const segment of NAUGHTY_SEGMENTS) {
      const reply = await house.api(requestOf(segment));
      expect([400, 404, 405], segment).toContain(reply.status);
      expectRefusal(reply);
    }
    await expectHealthy(house);
  });

  test('POST /invocations?model= answers 404, or 400 where it is empty', async () => {
    for (const name of NAUGHTY) {
      const reply = await house.api({
        method: 'POST',
        path: `/invocations?model=${encodeURIComponent(name)}`,
        body: instances,
      });
      expect(reply.status, name).toBe(404);
      expectRefusal(reply);
    }
  });

  test('POST /v1/models/{model}/uploads answers 400, for here a name would be made', async () => {
    const body = { file: 'model.json', sha256: '0'.repeat(64) };
    for (const name of NAUGHTY.filter((text) => !MODEL_NAME.test(text) && text.length < 3_000)) {
      const reply = await house.api({ method: 'POST', path: `/v1/models/${encodeURIComponent(name)}/uploads`, body });
      expect([400, 404, 405], name).toContain(reply.status);
      expectRefusal(reply);
    }
    const odd = await house.api({ method: 'POST', path: '/v1/models/Iris_1/uploads', body });
    expect(odd.status).toBe(400);
  });
});

describe('elsewhere in a request', () => {
  test('as a key of a record it is refused, and named in few words', async () => {
    for (const key of NAUGHTY) {
      const body = `{"instances":[{"x":0.5,${JSON.stringify(key)}:1}]}`;
      const reply = await house.api({ method: 'POST', path: '/v1/models/healthy:predict', body });
      expect(reply.status, key).toBe(key === '__proto__' ? 400 : 422);
      expectRefusal(reply);
    }
    await expectHealthy(house);
  });

  test.each<[string, number, (text: string) => unknown]>([
    ['a value', 422, (text) => ({ instances: [[text]] })],
    ['an instance', 422, (text) => ({ instances: [text] })],
    ['a column', 422, (text) => ({ dataframe_split: { columns: [text], data: [[1]] } })],
  ])('as %s it is refused with %i', async (_, status, bodyOf) => {
    for (const text of NAUGHTY) {
      const reply = await house.api({ method: 'POST', path: '/invocations?model=healthy', body: bodyOf(text) });
      expect(reply.status, text).toBe(status);
      expectRefusal(reply);
    }
    await expectHealthy(house);
  });

  test.each<[string, number, (text: string) => object]>([
    ['the name of an input', 422, (name) => ({ inputs: [{ name, shape: [1, 1], datatype: 'FP64', data: [1] }] })],
    ['a datatype', 400, (datatype) => ({ inputs: [{ name: 'input', shape: [1, 1], datatype, data: [1] }] })],
    ['an element', 400, (text) => ({ inputs: [{ name: 'input', shape: [1, 1], datatype: 'FP64', data: [text] }] })],
    [
      'an element of BYTES',
      422,
      (text) => ({ inputs: [{ name: 'input', shape: [1, 1], datatype: 'BYTES', data: [text] }] }),
    ],
    ['the name of an output', 422, (name) => ({ inputs: [input], outputs: [{ name }] })],
  ])('as %s it is refused with %i', async (_, status, bodyOf) => {
    for (const text of NAUGHTY) {
      const reply = await house.api({ method: 'POST', path: '/v2/models/healthy/infer', body: bodyOf(text) });
      expect(reply.status, text).toBe(status);
      expectRefusal(reply);
    }
    await expectHealthy(house);
  });

  const input = { name: 'input', shape: [1, 1], datatype: 'FP64', data: [0.5] };

  test('as an id it comes back as it was', async () => {
    for (const id of NAUGHTY) {
      const reply = await house.api({
        method: 'POST',
        path: '/v2/models/healthy/infer',
        body: { id, inputs: [input] },
      });
      expect(v2Of(reply).id).toBe(id);
    }
  });

  test('as a header it changes nothing or is refused', async () => {
    for (const text of NAUGHTY) {
      for (const name of ['Content-Type', 'Accept', 'Content-Encoding', 'Inference-Header-Content-Length', 'X-Other']) {
        const headers = { [name]: text };
        const reply = await house.api({ method: 'POST', path: '/v1/models/healthy:predict', headers, body: instances });
        if (reply.status !== 200) expectRefusal(reply);
      }
    }
    await expectHealthy(house);
  });

  test('as a key it is a key that nobody has', async () => {
    for (const text of NAUGHTY) {
      const headers = { Authorization: `Bearer ${text}`, 'x-api-key': text };
      const reply = await house.api({ path: '/v1/models', key: null, headers });
      expect(reply.status, text).toBe(401);
    }
    await expectHealthy(house);
  });

  test('as the name of a file to upload it is taken or refused', async () => {
    for (const file of NAUGHTY) {
      const reply = await house.api({
        method: 'POST',
        path: '/v1/models/fresh/uploads',
        body: { file, sha256: '0'.repeat(64) },
      });
      if (reply.status !== 201) expectRefusal(reply);
      expectDeclared(reply);
      const takes = !/^[./\\\0]|[/\\\0]/.test(file) && file.length <= 200 && Buffer.byteLength(file) <= 240;
      expect(reply.status, file).toBe(takes ? 201 : 400);
    }
  });

  test('as the name, tenant or pattern of a key it is taken or refused', async () => {
    for (const text of NAUGHTY) {
      for (const more of [{ name: text }, { tenant: text }, { models: [text] }, { scopes: [text] }]) {
        const body = { name: 'n', scopes: ['predict'], models: ['healthy'], ...more };
        const reply = await house.api({ method: 'POST', path: '/v1/keys', body });
        if (reply.status !== 201) expectRefusal(reply);
        expectDeclared(reply);
      }
    }
    expectDeclared(await house.api({ path: '/v1/keys' }));
  });
});

describe('as the names of a model', () => {
  const taken = NAUGHTY.filter((name) => name !== '__proto__');

  test('features keep their names, one by one', async () => {
    const model = {
      modeldrop: 1,
      kind: 'linear',
      features: taken,
      parameters: { coefficients: [taken.map((_, i) => i)], intercept: [0] },
    };
    await house.drop('features', 'model.json', Buffer.from(JSON.stringify(model)));
    const record = Object.fromEntries(taken.toReversed().map((name) => [name, 1]));
    const reply = await house.api({
      method: 'POST',
      path: '/v1/models/features:predict',
      body: { instances: [record] },
    });
    expect(predictionsOf(reply)).toEqual([(taken.length * (taken.length - 1)) / 2]);
    expectDeclared(reply);
    const document = (await house.api({ path: '/openapi.json' })).json as Schemas;
    expect(document.components.schemas['Row-features']?.required).toEqual(taken);
  });

  interface Schemas {
    readonly components: { readonly schemas: Record<string, { readonly required: string[] }> };
  }

  test('labels come back as they are, in order, with __proto__ among them', async () => {
    const model = {
      modeldrop: 1,
      kind: 'logistic',
      features: ['x'],
      labels: NAUGHTY,
      parameters: { coefficients: NAUGHTY.map((_, i) => [i / NAUGHTY.length]), intercept: NAUGHTY.map(() => 0) },
    };
    await house.drop('labels', 'model.json', Buffer.from(JSON.stringify(model)));
    const body = { instances: [[1], [-1]], parameters: { probabilities: true } };
    const reply = await house.api({ method: 'POST', path: '/v1/models/labels:predict', body });
    const [last, first] = predictionsOf<Labelled>(reply);
    expect([last?.label, first?.label]).toEqual([NAUGHTY.at(-1), NAUGHTY[0]]);
    const keys = [...reply.text.matchAll(/("(?:[^"\\]|\\.)*"):[\d.e-]+[,}]/g)].map(([, key]) => JSON.parse(key ?? ''));
    expect(keys.slice(0, NAUGHTY.length)).toEqual(NAUGHTY);
    const input = { name: 'input', shape: [1, 1], datatype: 'FP64', data: [1] };
    const { by } = v2Of(
      await house.api({ method: 'POST', path: '/v2/models/labels/infer', body: { inputs: [input] } }),
    );
    expect(by.predict_proba?.parameters?.labels).toEqual(NAUGHTY);
    expect(by.predict?.data).toEqual([NAUGHTY.at(-1)]);
  });
});
