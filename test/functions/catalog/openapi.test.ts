import { Compile } from 'typebox/schema';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Route, routes } from '../../../functions/http/routes.ts';
import { declaredBy, type OpenApi, resolved } from '../declared.ts';
import { type House, openHouse, type Reply } from '../house.ts';
import { knownModels } from '../models.ts';

let house: House;
let document: OpenApi;
let expectDeclared: (reply: Reply) => void;
beforeAll(async () => {
  house = await openHouse(['line', 'diagnosis', 'iris']);
  document = (await house.api({ path: '/openapi.json' })).json as OpenApi;
  expectDeclared = await declaredBy(house);
});

const text = { type: 'string', minLength: 1 };
const strict = (required: object, optional: object = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});
const each = (schema: object, pattern = '.') => ({
  type: 'object',
  propertyNames: { pattern },
  additionalProperties: schema,
});

/** A JSON Schema in the 2020-12 dialect, as far as its own form goes; that it compiles is asked apart. */
const schema = { type: 'object' };
const media = each(strict({ schema }), '^[a-z]+/[a-z0-9.+-]+$');
const parameter = strict(
  { name: text, in: { enum: ['path', 'query', 'header'] }, schema },
  { required: { type: 'boolean' }, description: text },
);
const response = strict({ description: text }, { content: media });
const operation = strict(
  {
    operationId: { type: 'string', pattern: '^[A-Za-z0-9]+$' },
    summary: text,
    tags: { type: 'array', items: text },
    security: { type: 'array', items: each({ type: 'array' }) },
    parameters: { type: 'array', items: parameter },
    responses: each({ anyOf: [response, strict({ $ref: text })] }, '^[1-5]\\d\\d$'),
  },
  { requestBody: strict({ required: { type: 'boolean' }, content: media }) },
);

/** The form of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), in the parts that are used here, and nothing beside. */
const openapi = strict({
  openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
  info: strict(
    { title: text, version: text },
    { description: text, license: strict({ name: text, identifier: text }) },
  ),
  paths: each(each(operation, '^(get|put|post|delete|options|head|patch|trace)$'), '^/'),
  components: strict({
    schemas: each(schema, '^[a-zA-Z0-9._-]+$'),
    responses: each(response, '^[a-zA-Z0-9._-]+$'),
    securitySchemes: each(strict({ type: { enum: ['http', 'apiKey'] } }, { scheme: text, in: text, name: text })),
  }),
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, known]) => ({ path, method, ...(known as unknown as Operation) })),
  );

interface Operation {
  readonly operationId: string;
  readonly parameters: { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly security: object[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

describe('the document', () => {
  test('has the form of OpenAPI 3.1', () => {
    const [ok, errors] = Compile(openapi).Errors(document);
    expect(ok, JSON.stringify(errors.slice(0, 3))).toBe(true);
  });

  test('has every route, and no other', () => {
    const declared = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(declared.toSorted()).toEqual(
      (routes as readonly Route[]).map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  test('tells how a job of a large request is asked for, and that its place is answered', () => {
    const job = operations().find(({ path, method }) => path === '/v1/models/{model}/jobs' && method === 'post');
    const query = job?.parameters.filter((one) => one.in === 'query').map(({ name, required }) => [name, required]);
    expect(query).toEqual([
      ['upload', undefined],
      ['bytes', undefined],
    ]);
    expect(job?.requestBody).toMatchObject({ required: false });
    expect(Object.keys(job?.responses ?? {}).filter((status) => status < '3')).toEqual(['201', '202']);
    const { schema: place = {} } = job?.responses[201]?.content?.['application/json'] ?? {};
    const [ok] = Compile(place).Errors({ url: 'http://x/uploads/1', method: 'PUT', headers: {}, expires: 'later' });
    expect([ok, Compile(place).Check({ url: 'http://x' })]).toEqual([true, false]);
  });

  test('names each operation once, and each parameter of a path', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, parameters } of operations()) {
      const stated = parameters.filter((one) => one.in === 'path' && one.required).map(({ name }) => name);
      expect(stated.toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted());
    }
  });

  test('asks for a key where the route table does', () => {
    for (const { method, path, security } of operations()) {
      const { scope } = (routes as readonly Route[]).find(
        (route) => route.path === path && route.method === method.toUpperCase(),
      ) as Route;
      expect(security.length > 0, path).toBe(scope !== 'open');
    }
  });

  test('has schemas that compile, and references that lead somewhere', () => {
    const { components } = document;
    const media = operations().flatMap(({ requestBody, responses }) => [
      requestBody?.content,
      ...Object.values(responses).map((stated) => resolved(document, stated).content),
    ]);
    for (const content of media) {
      for (const { schema: one } of Object.values(content ?? {})) Compile({ ...one, components }).Check({});
    }
    for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(components.schemas).toHaveProperty(pointer as string);
    }
  });

  test('declares every status that an error of ours has, in every route', () => {
    for (const { responses, path } of operations()) {
      for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 502, 503, 504]) {
        expect(responses, path).toHaveProperty(String(status));
      }
    }
  });
});

describe('with a key', () => {
  test('it has that key’s models with the names of their features', () => {
    for (const [name, { features }] of Object.entries(knownModels)) {
      expect(document.components.schemas[`Row-${name}`]).toMatchObject({ required: features });
    }
  });

  test.each([null, 'md-unknown'])('and without a known one (%s), none', async (key) => {
    const { status, text: body, json } = await house.api({ path: '/openapi.json', key });
    expect(status).toBe(200);
    expect(Object.keys((json as OpenApi).components.schemas).filter((name) => name.startsWith('Row-'))).toEqual([]);
    expect(body.includes('mean_radius')).toBe(false);
  });

  test('that sees one model, that one', async () => {
    const key = await house.key({ models: ['iris'], scopes: ['predict'] });
    const { json } = await house.api({ path: '/openapi.json', key });
    const rows = Object.keys((json as OpenApi).components.schemas).filter((name) => name.startsWith('Row-'));
    expect(rows).toEqual(['Row-iris']);
  });
});

const TENSOR = { name: 'input', shape: [1, 1], datatype: 'FP64', data: [0.5] };

const ANSWERS: [string, string, unknown?, Record<string, string>?][] = [
  ['GET', '/'],
  ['GET', '/', undefined, { accept: 'text/html' }],
  ['GET', '/openapi.json'],
  ['GET', '/v2/health/live'],
  ['GET', '/v2/health/ready'],
  ['GET', '/ping'],
  ['GET', '/health'],
  ['GET', '/version'],
  ['GET', '/v2'],
  ['GET', '/v2/'],
  ['GET', '/v2/models'],
  ['POST', '/v2/repository/index'],
  ['GET', '/v2/models/line'],
  ['GET', '/v2/models/iris/ready'],
  ['GET', '/v2/models/line/stats'],
  ['GET', '/v2/models/line/versions/1'],
  ['GET', '/v2/models/line/versions/1/ready'],
  ['POST', '/v2/models/line/infer', { inputs: [TENSOR] }],
  ['POST', '/v2/models/line/infer', { inputs: [TENSOR], parameters: { binary_data_output: true } }],
  ['POST', '/v2/models/line/versions/1/infer', { inputs: [TENSOR] }],
  ['GET', '/v1/models'],
  ['GET', '/v1/models/line'],
  ['POST', '/v1/models/line:predict', { instances: [[9]] }],
  ['POST', '/v1/models/line/invocations', { dataframe_records: [{ x: 1 }] }],
  ['POST', '/invocations?model=line', 'x\n1', { 'content-type': 'text/csv' }],
  ['POST', '/endpoints/line/invocations', { instances: [[1]] }],
  ['POST', '/endpoints/line/invocations', { inputs: [TENSOR] }],
  ['GET', '/v1/models/diagnosis/card'],
  ['GET', '/v1/models/line/versions'],
  ['GET', '/v1/models/line/drops'],
  ['POST', '/v1/models/line/uploads', { file: 'a', sha256: '0'.repeat(64) }],
  ['POST', '/v1/models/line/release', { stable: 1 }],
  ['GET', '/v1/keys'],
  ['POST', '/v1/keys', { name: 'n', scopes: ['predict'], models: ['line'] }],
];

describe('an answer is as declared', () => {
  test.each(ANSWERS)('%s %s', async (method, path, body, headers = {}) => {
    const reply = await house.api({ method, path, body, headers });
    expect([200, 201], reply.text).toContain(reply.status);
    expectDeclared(reply);
    expect(reply.headers).toMatchObject({ 'access-control-allow-origin': '*' });
  });

  test('a drop, a rollback, a revocation and a deletion', async () => {
    const { drops } = (await house.api({ path: '/v1/models/iris/drops' })).json as {
      drops: { id: string; state: string }[];
    };
    expect(drops).toMatchObject([{ state: 'released', version: 1 }]);
    const drop = await house.api({ path: `/v1/models/iris/drops/${drops[0]?.id}` });
    const again = JSON.stringify({ ...JSON.parse(Buffer.from(knownModels.line.bytes).toString()), $schema: 'again' });
    await house.drop('line', 'model.json', Buffer.from(again));
    const rollback = await house.api({ method: 'POST', path: '/v1/models/line/rollback' });
    const { json } = await house.api({
      method: 'POST',
      path: '/v1/keys',
      body: { name: 'n', scopes: ['predict'], models: ['line'] },
    });
    const revocation = await house.api({ method: 'DELETE', path: `/v1/keys/${(json as { id: string }).id}` });
    const deletion = await house.api({ method: 'DELETE', path: '/v1/models/line' });
    expect([drop, rollback, revocation, deletion].map(({ status }) => status)).toEqual([200, 200, 204, 204]);
    for (const reply of [drop, rollback, revocation, deletion]) expectDeclared(reply);
  });
});
