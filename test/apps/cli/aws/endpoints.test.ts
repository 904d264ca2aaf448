import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sagemakerEndpoints } from '../../../../apps/cli/aws/endpoints.ts';
import { bodyOf, type FakeServer, fakeServer } from '../../client/fake-server.ts';

let server: FakeServer;
const asked: unknown[] = [];

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  server = await fakeServer(async (request, response) => {
    const { headers } = request;
    const body = JSON.parse(await bodyOf(request));
    asked.push([headers['x-amz-target'], /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1], body]);
    const named = (...names: string[]) => names.map((EndpointName) => ({ EndpointName }));
    const page = body.NextToken
      ? { Endpoints: named('modeldrop-dev-2') }
      : { Endpoints: named('modeldrop-dev-1', 'not-modeldrop-dev-1'), NextToken: 'more' };
    response.end(JSON.stringify(page));
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

it('lists every page of the endpoints whose names begin so, as the operator', async () => {
  const endpoints = sagemakerEndpoints('eu-north-1', server.url);
  expect(await endpoints.beginningWith('modeldrop-dev-')).toEqual(['modeldrop-dev-1', 'modeldrop-dev-2']);
  const as = expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-north-1\/sagemaker\/aws4_request$/);
  expect(asked).toEqual([
    ['SageMaker.ListEndpoints', as, { NameContains: 'modeldrop-dev-' }],
    ['SageMaker.ListEndpoints', as, { NameContains: 'modeldrop-dev-', NextToken: 'more' }],
  ]);
});
