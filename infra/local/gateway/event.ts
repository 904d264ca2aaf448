import type { IncomingMessage } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { handOver } from '../../../functions/http/body.ts';
import type { Match } from './resource-tree.ts';
import type { Target } from './target.ts';

const ACCOUNT = '000000000000';
const API = 'local';
const STAGE = 'local';
const METHOD_ARN = `arn:aws:execute-api:local:${ACCOUNT}:${API}/${STAGE}/`;

/** What the authorizer and the function are told alike; each is given it in its own shape. */
export type Envelope = Omit<APIGatewayProxyEvent, 'body' | 'isBase64Encoded' | 'requestContext'> & {
  readonly requestContext: RequestContext;
};

/** Without the authorizer's word: an open route's event has none, nor has the authorizer's own. */
type RequestContext = Omit<APIGatewayProxyEvent['requestContext'], 'authorizer'>;

/** A request as API Gateway's REST API describes it to Lambda, but for its body. */
export function envelopeOf(request: IncomingMessage, target: Target, match: Match, requestId: string): Envelope {
  const httpMethod = request.method ?? '';
  const { headers, multiValueHeaders } = headersOf(request.rawHeaders);
  const { single, multi } = queryOf(target.query);
  return {
    resource: match.resource,
    path: target.path,
    httpMethod,
    headers,
    multiValueHeaders,
    queryStringParameters: single,
    multiValueQueryStringParameters: multi,
    pathParameters: match.parameters,
    stageVariables: null,
    requestContext: contextOf(request, target, match, requestId),
  };
}

/** The event of a REQUEST authorizer: it sees no body. */
export const authorizerEvent = (envelope: Envelope): APIGatewayRequestAuthorizerEvent =>
  ({
    type: 'REQUEST',
    methodArn: `${METHOD_ARN}${envelope.httpMethod}${envelope.path}`,
    ...envelope,
  }) as APIGatewayRequestAuthorizerEvent;

/** The event of a function. */
export function proxyEvent(
  { requestContext, ...envelope }: Envelope,
  authorizer: Record<string, unknown> | undefined,
  body: Buffer | undefined,
): APIGatewayProxyEvent {
  const event: APIGatewayProxyEvent = {
    ...envelope,
    requestContext: authorizer === undefined ? (requestContext as Authorized) : { ...requestContext, authorizer },
    // Base64, since the API takes every media type as binary; made when it is asked for, which our own functions don't.
    get body() {
      return body?.toString('base64') ?? null;
    },
    isBase64Encoded: body !== undefined,
  };
  if (body !== undefined) handOver(event, body);
  return event;
}

type Authorized = APIGatewayProxyEvent['requestContext'];

type Headers = Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'>;

/** Names in the case they were sent in. Of a name sent twice the last counts, and `multiValueHeaders` has both. */
function headersOf(raw: readonly string[]): Headers {
  // Without a prototype: `__proto__` is a legal name of a header.
  const headers: Headers['headers'] = Object.create(null);
  const multiValueHeaders: Headers['multiValueHeaders'] = Object.create(null);
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    headers[name] = value;
    const sent = multiValueHeaders[name];
    if (sent === undefined) multiValueHeaders[name] = [value];
    else sent.push(value);
  }
  return { headers, multiValueHeaders };
}

interface Query {
  readonly single: Record<string, string> | null;
  readonly multi: Record<string, string[]> | null;
}

const NO_QUERY: Query = { single: null, multi: null };

function queryOf(query: string): Query {
  if (query === '') return NO_QUERY;
  const single: Record<string, string> = Object.create(null);
  const multi: Record<string, string[]> = Object.create(null);
  for (const [name, value] of Object.entries(parseQuery(query, '&', '=', { maxKeys: 0 }))) {
    const values = Array.isArray(value) ? value : [value ?? ''];
    single[name] = values.at(-1) ?? '';
    multi[name] = values;
  }
  return { single, multi };
}

function contextOf(request: IncomingMessage, target: Target, match: Match, requestId: string): RequestContext {
  const now = Date.now();
  return {
    resourceId: match.resource,
    resourcePath: match.resource,
    httpMethod: request.method ?? '',
    extendedRequestId: requestId,
    requestTime: requestTime(now),
    path: `/${STAGE}${target.path}`,
    accountId: ACCOUNT,
    protocol: `HTTP/${request.httpVersion}`,
    stage: STAGE,
    domainPrefix: API,
    requestTimeEpoch: now,
    requestId,
    identity: identityOf(request),
    domainName: request.headers.host ?? 'localhost',
    apiId: API,
  };
}

const identityOf = (request: IncomingMessage): RequestContext['identity'] => ({
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  sourceIp: request.socket.remoteAddress ?? '',
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  userAgent: request.headers['user-agent'] ?? null,
  user: null,
  apiKey: null,
  apiKeyId: null,
  clientCert: null,
});

let worded = { second: 0, text: '' };

/** As in an access log, `09/Apr/2026:12:34:56 +0000`; worded once a second. */
function requestTime(now: number): string {
  const second = Math.floor(now / 1_000);
  if (worded.second !== second) worded = { second, text: clfTime(new Date(now)) };
  return worded.text;
}

function clfTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
