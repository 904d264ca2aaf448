import { Compile } from 'typebox/schema';
import { expect } from 'vitest';
import type { House, Reply } from './house.ts';

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Record<string, { readonly responses: Record<string, Response> }>>>;
  readonly components: { readonly schemas: Record<string, object>; readonly responses: Record<string, Response> };
}

/** The response itself, where the document says it once for many routes. */
export const resolved = ({ components }: OpenApi, response: Response): Response =>
  response.$ref ? (components.responses[response.$ref.slice('#/components/responses/'.length)] as Response) : response;

type Check = (reply: Reply) => void;

/** Checks that an answer is one that the house's own OpenAPI document declares for its route: status, type and body. */
export async function declaredBy(house: House): Promise<Check> {
  const document = (await house.api({ path: '/openapi.json', key: null })).json as OpenApi;
  const compiled = new Map<object, ReturnType<typeof Compile>>();
  const validator = (schema: object) => {
    const known = compiled.get(schema) ?? Compile({ ...schema, components: document.components });
    compiled.set(schema, known);
    return known;
  };
  const unnamed: Response = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };

  return (reply) => {
    const { status, route, text } = reply;
    const said = `${status} ${text.slice(0, 300)}`;
    const responses = route && document.paths[route.path]?.[route.method.toLowerCase()]?.responses;
    const stated = responses ? responses[status] : unnamed;
    expect(stated, said).toBeDefined();
    const response = resolved(document, stated as Response);
    if (response.content === undefined) return expect(text).toBe('');
    // What the gateway itself says has no headers here.
    const type = reply.from ? (reply.headers['content-type'] ?? '').split(';', 1)[0] : 'application/json';
    const media = response.content[type as string];
    expect(media, `${said} as ${type}`).toBeDefined();
    if (type !== 'application/json' || media === undefined) return;
    const [ok] = validator(media.schema).Errors(reply.json);
    if (!ok) expect.fail(`${said} breaks ${JSON.stringify(media.schema).slice(0, 300)}`);
  };
}

/** A refusal: one of the sender's statuses, declared, that says what was wrong. */
export async function refusalsOf(house: House): Promise<Check> {
  const check = await declaredBy(house);
  return (reply) => {
    expect([400, 401, 403, 404, 405, 409, 413, 415, 422], reply.text.slice(0, 300)).toContain(reply.status);
    check(reply);
    expect((reply.json as { error: string }).error.length).toBeGreaterThan(10);
    expect(reply.text.length, 'an error is short, however long what was sent').toBeLessThan(3_000);
  };
}

/** Whether the house still answers a good request right: 2 x 0.5 + 1 = 2. */
export async function expectHealthy(house: House): Promise<void> {
  const reply = await house.api({ method: 'POST', path: '/v1/models/healthy:predict', body: { instances: [[0.5]] } });
  expect(reply.json, 'a known-good request').toEqual({ predictions: [2] });
}

/** The model of `expectHealthy`. */
export const healthy = new TextEncoder().encode(
  JSON.stringify({
    modeldrop: 1,
    kind: 'linear',
    features: ['x'],
    parameters: { coefficients: [[2]], intercept: [1] },
    means: [0],
  }),
);
