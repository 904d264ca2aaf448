import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { FunctionName } from '../../../../functions/http/routes.ts';
import { type GatewayOptions, startGateway } from '../../../../infra/local/gateway/gateway.ts';
import type { Authorizer, ProxyFunction } from '../../../../infra/local/gateway/invoke.ts';

/** What the functions of these tests answer: the event that they were given. */
export interface Echo {
  readonly function: FunctionName;
  readonly event: APIGatewayProxyEvent;
}

const echoing =
  (name: FunctionName): ProxyFunction =>
  async (event): Promise<APIGatewayProxyResult> => ({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ function: name, event } satisfies Echo),
  });

export const functions = { predict: echoing('predict'), catalog: echoing('catalog'), control: echoing('control') };

/** Knows every key but the empty one and `unknown`; `tenant.key` belongs to that tenant, `denied` may do nothing. */
export const authorize: Authorizer = async ({ headers, methodArn }) => {
  const key = headers?.['x-api-key'] ?? headers?.['X-Api-Key'];
  if (key === undefined || key === 'unknown') throw new Error('Unauthorized');
  const effect = key === 'denied' ? 'Deny' : 'Allow';
  return {
    principalId: key,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
    },
    context: { tenant: key.split('.')[0] ?? key, admin: true, level: 3 },
  };
};

/** A gateway on a free port, before functions that echo their events unless told otherwise. */
export const echoGateway = (options: Partial<GatewayOptions> = {}) =>
  startGateway({
    host: '127.0.0.1',
    port: 0,
    functions,
    authorize,
    fallback: 'catalog',
    quota: () => undefined,
    log: { error: () => {} },
    ...options,
  });
