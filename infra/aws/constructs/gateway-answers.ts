import { ResponseType } from 'aws-cdk-lib/aws-apigateway';

/** What the gateway says itself, before or instead of a function. */
export interface GatewayAnswer {
  readonly type: ResponseType;
  readonly status?: string;
  /** What was wrong and what would be right; the gateway's own words if absent. */
  readonly error?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const soon = { 'Retry-After': '1' };
const later = { 'Retry-After': '3600' };

/** Every refusal of the gateway, in the shape of our own. */
export const gatewayAnswers: readonly GatewayAnswer[] = [
  { type: ResponseType.DEFAULT_4XX },
  { type: ResponseType.DEFAULT_5XX, headers: soon },
  {
    type: ResponseType.UNAUTHORIZED,
    status: '401',
    error: 'a valid key is needed, as "Authorization: Bearer <key>" or "x-api-key: <key>"',
    headers: { 'WWW-Authenticate': 'Bearer' },
  },
  {
    type: ResponseType.ACCESS_DENIED,
    status: '403',
    error: 'this key may not do this; ask an admin of your tenant for one that may',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: '403',
    error: "the tenant of this key is not declared in this stage; declare it under the stage's tenants and deploy",
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    error: 'there is nothing here; GET /openapi.json lists what there is',
  },
  {
    type: ResponseType.RESOURCE_NOT_FOUND,
    status: '404',
    error: 'there is nothing here; GET /openapi.json lists what there is',
  },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: '400',
    error: 'the body can not be read; GET /openapi.json says what each route takes',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    status: '400',
    error: 'a path or query parameter can not be read; GET /openapi.json says what each route takes',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: '413',
    error: 'the request is too large; send fewer rows, or a model file by POST /v1/models/{model}/uploads',
  },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: '415',
    error: 'this media type is not taken; GET /openapi.json says what each route takes',
  },
  {
    type: ResponseType.THROTTLED,
    status: '429',
    error: "the rate of your tenant's plan is used up; try again in a second, more slowly",
    headers: soon,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: '429',
    error: "the daily quota of your tenant's plan is used up; it starts anew at midnight UTC",
    headers: later,
  },
  {
    type: ResponseType.AUTHORIZER_FAILURE,
    status: '503',
    error: 'your key could not be checked just now; try again in a second',
    headers: soon,
  },
  {
    type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
    status: '503',
    error: 'your key could not be checked just now; try again in a second',
    headers: soon,
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: '504',
    error: 'the answer did not come in time; send fewer rows',
    headers: soon,
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: '502',
    error: 'the function behind this route could not answer; try again in a second',
    headers: soon,
  },
];
