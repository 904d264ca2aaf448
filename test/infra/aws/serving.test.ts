import { describe, expect, it } from 'vitest';
import { CATCH_ALL, type Route, resourceOf, routes } from '../../../functions/http/routes.ts';
import { planApi } from '../../../infra/aws/api-plan.ts';
import { gatewayAnswers } from '../../../infra/aws/constructs/gateway-answers.ts';
import { VERB_TAG } from '../../../infra/aws/constructs/verb-function.ts';
import { resourcesOf, tagOf } from '../../../infra/aws/rules/rule.ts';
import type { Stage } from '../../../infra/aws/stages.ts';
import { ofType, type Properties, stages, synthesized } from './synthesized.ts';

const serving = () => synthesized(stages.lavish).templates.Serving;

/** The path of each resource of the gateway, by its logical id. */
function pathsOf(): Map<string, string> {
  const resources = new Map(resourcesOf(serving(), 'AWS::ApiGateway::Resource') as [string, Properties][]);
  const pathOf = (id: string): string => {
    const { ParentId, PathPart } = resources.get(id) as Properties;
    return `${ParentId.Ref ? pathOf(ParentId.Ref) : ''}/${PathPart}`;
  };
  return new Map([...resources.keys()].map((id) => [id, pathOf(id)]));
}

interface Deployed {
  readonly path: string;
  readonly method: string;
  readonly function: string | undefined;
  readonly authorization: string;
  readonly metered: boolean;
}

function deployed(): Deployed[] {
  const paths = pathsOf();
  const verbs = new Map(
    resourcesOf(serving(), 'AWS::Lambda::Function').map(([id, properties]) => [id, tagOf(properties, VERB_TAG)]),
  );
  return ofType(serving(), 'AWS::ApiGateway::Method').map((method) => ({
    path: method.ResourceId.Ref === undefined ? '/' : (paths.get(method.ResourceId.Ref) as string),
    method: method.HttpMethod,
    function: verbs.get(/"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(method.Integration.Uri))?.[1] ?? ''),
    authorization: method.AuthorizationType,
    metered: method.ApiKeyRequired,
  }));
}

const byPlace = (a: Deployed, b: Deployed): number => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1);

describe('the gateway', () => {
  it('has every route of the table as a method of its own, and ANY on every resource, and nothing else', () => {
    const stated = routes.map(({ method, path, function: fn, scope }) => ({
      path: resourceOf(path),
      method: method as string,
      function: fn as string,
      authorization: (scope as string) === 'open' ? 'NONE' : 'CUSTOM',
      metered: (scope as string) !== 'open',
    }));
    // `:predict` and `:explain` are ends of one path part, which is one resource.
    const explicit = [...new Map(stated.map((one) => [`${one.method} ${one.path}`, one])).values()];
    const any = [...new Set(['/', CATCH_ALL, ...explicit.map(({ path }) => path)])].map((path) => ({
      path,
      method: 'ANY',
      function: 'catalog',
      authorization: 'CUSTOM',
      metered: false,
    }));
    expect(deployed().sort(byPlace)).toEqual([...explicit, ...any].sort(byPlace));
  });

  it('passes bodies through as they are, and answers none by itself', () => {
    expect(ofType(serving(), 'AWS::ApiGateway::RestApi')).toMatchObject([
      {
        BinaryMediaTypes: ['*/*'],
        EndpointConfiguration: { Types: ['REGIONAL'] },
        ApiKeySourceType: 'AUTHORIZER',
      },
    ]);
    for (const { Integration } of ofType(serving(), 'AWS::ApiGateway::Method')) {
      expect(Integration).toMatchObject({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' });
    }
  });

  it('asks the authorizer each time, whichever header carries the key', () => {
    const [authorizer, ...more] = ofType(serving(), 'AWS::ApiGateway::Authorizer');
    expect(more).toEqual([]);
    expect(authorizer).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(authorizer?.IdentitySource || undefined).toBeUndefined();
  });

  it('throttles the whole stage, and sets no role for the whole account', () => {
    const { rate, burst } = stages.lavish.throttling;
    const [stage] = ofType(serving(), 'AWS::ApiGateway::Stage');
    expect(stage?.MethodSettings).toMatchObject([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: rate,
        ThrottlingBurstLimit: burst,
        DataTraceEnabled: false,
      },
    ]);
    expect(ofType(serving(), 'AWS::ApiGateway::Account')).toEqual([]);
  });

  it('lets nobody but this API invoke the functions', () => {
    const permissions = ofType(serving(), 'AWS::Lambda::Permission');
    expect(permissions).toHaveLength(4);
    for (const { Principal, SourceArn } of permissions) {
      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(SourceArn)).toContain('"Ref":"ApiRest');
    }
  });

  it('is deployed anew when what it answers changes', () => {
    const deploymentOf = (stage: Stage) =>
      resourcesOf(synthesized(stage).templates.Serving, 'AWS::ApiGateway::Deployment')[0]?.[0];
    expect(deploymentOf({ ...stages.lavish, name: 'other' })).not.toBe(deploymentOf(stages.lavish));
  });

  it('gives its URL under a steady name', () => {
    expect(Object.keys((serving() as unknown as { Outputs: object }).Outputs)).toContain('ApiUrl');
  });
});

describe('what the gateway says itself', () => {
  const answers = () =>
    new Map(ofType(serving(), 'AWS::ApiGateway::GatewayResponse').map((it) => [it.ResponseType as string, it]));

  it('is everything that it can say', () => {
    expect([...answers().keys()].sort()).toEqual(gatewayAnswers.map(({ type }) => type.responseType).sort());
  });

  it.each(gatewayAnswers.map(({ type, error }) => [type.responseType, error] as const))(
    '%s has our shape, and browsers may read it',
    (type, error) => {
      const { ResponseParameters, ResponseTemplates } = answers().get(type) as Properties;
      expect(ResponseParameters['gatewayresponse.header.Access-Control-Allow-Origin']).toBe("'*'");
      const body = ResponseTemplates['application/json'].replace('$context.error.messageString', '"Forbidden"');
      expect(JSON.parse(body)).toEqual({ error: error ?? 'Forbidden' });
    },
  );

  it.each([
    ['UNAUTHORIZED', '401', 'WWW-Authenticate', "'Bearer'"],
    ['THROTTLED', '429', 'Retry-After', "'1'"],
    ['QUOTA_EXCEEDED', '429', 'Retry-After', "'3600'"],
    ['AUTHORIZER_FAILURE', '503', 'Retry-After', "'1'"],
    ['REQUEST_TOO_LARGE', '413', 'Access-Control-Expose-Headers', "'*'"],
    ['INTEGRATION_TIMEOUT', '504', 'Retry-After', "'1'"],
    ['MISSING_AUTHENTICATION_TOKEN', '404', 'Access-Control-Expose-Headers', "'*'"],
  ])('%s is %s with %s', (type, status, header, value) => {
    const answer = answers().get(type) as Properties;
    expect(answer.StatusCode).toBe(status);
    expect(answer.ResponseParameters[`gatewayresponse.header.${header}`]).toBe(value);
  });
});

/** What CloudFormation makes of these intrinsics in a stack whose UUID is `uuid`. */
function made(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [[intrinsic, argument]] = Object.entries(value) as [[string, unknown[]]];
  if (intrinsic === 'Ref') return 'arn:partition:cloudformation:region:account:stack/name/uuid';
  const [head, tail] = argument.map((part) => (Array.isArray(part) ? part.map(made) : made(part)));
  if (intrinsic === 'Fn::Join') return (tail as string[]).join(head as string);
  if (intrinsic === 'Fn::Split') return (tail as string).split(head as string);
  if (intrinsic === 'Fn::Select') return (tail as string[])[head as number];
  throw new Error(`${intrinsic} is not known here`);
}

describe('metering', () => {
  it('gives each tenant a plan with its limits on this stage', () => {
    const plans = ofType(serving(), 'AWS::ApiGateway::UsagePlan');
    expect(plans).toMatchObject([
      { Throttle: { RateLimit: 10, BurstLimit: 20 } },
      { Throttle: { RateLimit: 5, BurstLimit: 10 }, Quota: { Limit: 1_000, Period: 'DAY' } },
    ]);
    for (const { ApiStages } of plans) expect(ApiStages).toHaveLength(1);
    expect(ofType(serving(), 'AWS::ApiGateway::UsagePlanKey')).toHaveLength(2);
  });

  it('tells the authorizer the very values of the gateway’s keys, which are the stack’s own and no secret', () => {
    const keys = ofType(serving(), 'AWS::ApiGateway::ApiKey');
    expect(keys.map(({ Value, Enabled }) => [made(Value), Enabled])).toEqual([
      ['default-uuid', true],
      ['acme-uuid', true],
    ]);
    const authorize = ofType(serving(), 'AWS::Lambda::Function').find((it) => tagOf(it, VERB_TAG) === 'authorize');
    const told = authorize?.Environment.Variables.MODELDROP_METER_KEYS['Fn::Join'][1] as unknown[];
    expect(JSON.parse(told.map((part) => (typeof part === 'string' ? part : made(part))).join(''))).toEqual({
      default: 'default-uuid',
      acme: 'acme-uuid',
    });
  });
});

describe('a plan', () => {
  const route = (method: Route['method'], path: string, more: Partial<Route> = {}): Route => ({
    method,
    path,
    operation: 'o',
    function: 'predict',
    scope: 'predict',
    dialect: 'v2',
    summary: '',
    ...more,
  });

  it('has one resource for a segment and its verbs', () => {
    const plan = planApi([
      route('GET', '/m/{model}'),
      route('POST', '/m/{model}:predict'),
      route('POST', '/m/{model}:explain'),
    ]);
    expect(plan.find(({ path }) => path === '/m/{model}')?.methods.map(({ method }) => method)).toEqual([
      'GET',
      'POST',
      'ANY',
    ]);
  });

  it.each<[string, Route[], string]>([
    [
      'two functions for one method of a resource',
      [route('POST', '/m/{model}:predict'), route('POST', '/m/{model}:drop', { function: 'control' })],
      'POST /m/{model} must go to one function',
    ],
    [
      'an open verb beside one with a key',
      [route('POST', '/m/{model}:predict'), route('POST', '/m/{model}:ready', { scope: 'open' })],
      'all open or all with a key',
    ],
    [
      'two names for the parameter at a place',
      [route('GET', '/m/{model}/a'), route('GET', '/m/{name}/b')],
      'a parameter below /m must be named {model} everywhere, got /m/{name}/b',
    ],
  ])('is refused for %s', (_, table, words) => {
    expect(() => planApi(table)).toThrow(words);
  });
});
