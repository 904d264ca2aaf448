import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import type { Keyring } from '../../adapters/registry/keyring.ts';
import { toContext } from '../http/caller.ts';
import { credentialOf } from '../http/credential.ts';
import { type Headers, headersOf } from '../http/headers.ts';

export interface AuthorizePorts {
  readonly keyring: Keyring;
  /** The gateway key that meters a tenant; undefined where nothing is metered by the gateway. */
  readonly meterKey: (tenant: string) => string | undefined;
}

export type AuthorizeHandler = (
  event: APIGatewayRequestAuthorizerEvent,
  context?: Context,
) => Promise<APIGatewayAuthorizerResult>;

/** The word that makes API Gateway answer 401. */
const UNAUTHORIZED = 'Unauthorized';

/** Who calls. What the caller may do is the route's matter: the functions check scopes and models. */
export function authorizeFunction({ keyring, meterKey }: AuthorizePorts): AuthorizeHandler {
  return async (event) => {
    const headers = headersOf(event);
    const secret = credentialOf(headers);
    if (secret === undefined) {
      if (isPreflight(event, headers)) return allow('preflight', event.methodArn, {});
      throw new Error(UNAUTHORIZED);
    }
    const identity = await keyring(secret);
    if (identity === undefined) throw new Error(UNAUTHORIZED);
    await identity.beside;
    const { id, tenant, scopes, models } = identity.key;
    return allow(id, event.methodArn, toContext({ key: id, tenant, scopes, models }), meterKey(tenant));
  };
}

/** A browser asks whether it may ask, and never brings a key. */
const isPreflight = ({ httpMethod }: APIGatewayRequestAuthorizerEvent, headers: Headers): boolean =>
  httpMethod === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

const allow = (
  principalId: string,
  resource: string,
  context: Record<string, string>,
  usageIdentifierKey?: string,
): APIGatewayAuthorizerResult => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource }],
  },
  context,
  ...(usageIdentifierKey !== undefined && { usageIdentifierKey }),
});
