import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gateway } from '../../../../infra/local/gateway/gateway.ts';
import { authorize, type Echo, echoGateway, functions } from './echo.ts';

/** The keys of an event recorded behind a real regional REST API with a Lambda proxy integration. */
const RECORDED = {
  event: [
    'body',
    'headers',
    'httpMethod',
    'isBase64Encoded',
    'multiValueHeaders',
    'multiValueQueryStringParameters',
    'path',
    'pathParameters',
    'queryStringParameters',
    'requestContext',
    'resource',
    'stageVariables',
  ],
  requestContext: [
    'accountId',
    'apiId',
    'authorizer',
    'domainName',
    'domainPrefix',
    'extendedRequestId',
    'httpMethod',
    'identity',
    'path',
    'protocol',
    'requestId',
    'requestTime',
    'requestTimeEpoch',
    'resourceId',
    'resourcePath',
    'stage',
  ],
  identity: [
    'accessKey',
    'accountId',
    'caller',
    'cognitoAuthenticationProvider',
    'cognitoAuthenticationType',
    'cognitoIdentityId',
    'cognitoIdentityPoolId',
    'principalOrgId',
    'sourceIp',
    'user',
    'userAgent',
    'userArn',
  ],
};

let gateway: Gateway;
let asked: APIGatewayRequestAuthorizerEvent[] = [];
let contexts: Context[] = [];
beforeAll(async () => {
  gateway = await echoGateway({
    authorize: async (event, context) => {
      asked.push(event);
      return authorize(event, context);
    },
    functions: {
      ...functions,
      predict: async (event, context) => {
        contexts.push(context);
        return functions.predict(event, context);
      },
    },
  });
});
afterAll(() => gateway.close());

const headers = { 'X-Api-Key': 'acme.1', 'User-Agent': 'test' };

async function sent(path: string, init: RequestInit = {}): Promise<Echo> {
  [asked, contexts] = [[], []];
  const response = await fetch(gateway.url + path, { headers, ...init });
  expect(response.status).toBe(200);
  return response.json() as Promise<Echo>;
}

const eventOf = async (path: string, init?: RequestInit): Promise<APIGatewayProxyEvent> =>
  (await sent(path, init)).event;

describe('the event of a function', () => {
  test("has a real one's keys", async () => {
    const event = await eventOf('/v2/models/iris');
    expect(Object.keys(event).sort()).toEqual(RECORDED.event);
    expect(Object.keys(event.requestContext).sort()).toEqual(RECORDED.requestContext);
    expect(Object.keys(event.requestContext.identity).sort()).toEqual(
      [...RECORDED.identity, 'apiKey', 'apiKeyId', 'clientCert'].sort(),
    );
  });

  test('says which resource was asked for, and how', async () => {
    const event = await eventOf('/v1/models/m%C3%B8del%3Apredict?a=1&a=2&b=%20x+y&c', { method: 'POST', body: '{}' });
    expect(event).toMatchObject({
      resource: '/v1/models/{model}',
      path: '/v1/models/m%C3%B8del%3Apredict',
      httpMethod: 'POST',
      pathParameters: { model: 'm%C3%B8del%3Apredict' },
      queryStringParameters: { a: '2', b: ' x y', c: '' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: [' x y'], c: [''] },
      stageVariables: null,
    });
  });

  test('names where and when it was asked', async () => {
    const before = Date.now();
    const { requestContext } = await eventOf('/v2/models/iris');
    expect(requestContext).toMatchObject({
      accountId: '000000000000',
      apiId: 'local',
      stage: 'local',
      path: '/local/v2/models/iris',
      resourcePath: '/v2/models/{model}',
      httpMethod: 'GET',
      protocol: 'HTTP/1.1',
      domainName: new URL(gateway.url).host,
      identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
    });
    expect(requestContext.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/20\d\d:\d\d:\d\d:\d\d \+0000$/);
    expect(requestContext.requestTimeEpoch).toBeGreaterThanOrEqual(before);
  });

  test('carries what the authorizer said, all of it as strings', async () => {
    const { requestContext } = await eventOf('/v2/models/iris');
    expect(requestContext.authorizer).toEqual({
      principalId: 'acme.1',
      tenant: 'acme',
      admin: 'true',
      level: '3',
      integrationLatency: expect.any(Number),
    });
  });

  test('has no authorizer on an open route, and none is asked', async () => {
    const event = await eventOf('/v2/health/live', { headers: {} });
    expect(event.requestContext).not.toHaveProperty('authorizer');
    expect(asked).toEqual([]);
  });

  test('carries any body as base64, byte by byte', async () => {
    const body = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
    const event = await eventOf('/v2/models/iris/infer', { method: 'POST', body });
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body ?? '', 'base64').equals(body)).toBe(true);
  });

  test('has null for an empty body and an empty query', async () => {
    const event = await eventOf('/v2/models/iris/infer?', { method: 'POST', body: '' });
    expect(event).toMatchObject({
      body: null,
      isBase64Encoded: false,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
    expect((await eventOf('/v2')).pathParameters).toBeNull();
  });

  test('comes with a context that counts down', async () => {
    await sent('/v2/models/iris/infer', { method: 'POST', body: '{}' });
    const [context] = contexts;
    expect(context?.functionName).toBe('predict');
    expect(context?.getRemainingTimeInMillis()).toBeGreaterThan(20_000);
    expect(context?.getRemainingTimeInMillis()).toBeLessThanOrEqual(29_000);
  });
});

describe('the event of the authorizer', () => {
  test('is that of a REQUEST authorizer, without the body', async () => {
    await sent('/v1/models/iris%3Apredict?a=1', { method: 'POST', body: '{}' });
    const [event] = asked;
    expect(event).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:local:000000000000:local/local/POST/v1/models/iris%3Apredict',
      resource: '/v1/models/{model}',
      path: '/v1/models/iris%3Apredict',
      httpMethod: 'POST',
      pathParameters: { model: 'iris%3Apredict' },
      queryStringParameters: { a: '1' },
    });
    expect(event).not.toHaveProperty('body');
    expect(event?.requestContext).not.toHaveProperty('authorizer');
  });
});
