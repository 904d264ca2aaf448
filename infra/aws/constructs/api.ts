import { Duration } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  type MethodOptions,
  RequestAuthorizer,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { FunctionName } from '../../../functions/http/routes.ts';
import type { PlannedMethod, PlannedResource } from '../api-plan.ts';
import type { Stage } from '../stages.ts';
import { type GatewayAnswer, gatewayAnswers } from './gateway-answers.ts';
import type { VerbFunction } from './verb-function.ts';

export interface ApiProps extends RestApiProps {
  readonly stage: Stage;
  readonly plan: readonly PlannedResource[];
  readonly functions: Readonly<Record<FunctionName, VerbFunction>>;
  readonly authorize: VerbFunction;
}

/** The part of the URL that names the deployment. */
const STAGE_NAME = 'api';

/** The planned gateway, every method of it ours: even what it refuses by itself it says in our shape. */
export class Api extends Construct {
  readonly rest: RestApi;

  constructor(scope: Construct, id: string, { stage, plan, functions, authorize, ...overrides }: ApiProps) {
    super(scope, id);
    this.rest = new RestApi(this, 'Rest', {
      restApiName: `modeldrop-${stage.name}`,
      endpointTypes: [EndpointType.REGIONAL],
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE_NAME,
        throttlingRateLimit: stage.throttling.rate,
        throttlingBurstLimit: stage.throttling.burst,
      },
      ...overrides,
    });
    // Its name would change with the construct's place; the stack has an output of a steady name.
    this.rest.node.tryRemoveChild('Endpoint');
    for (const answer of gatewayAnswers) this.say(answer);
    this.route(plan, functions, this.guard(authorize));
  }

  /** Nothing is cached here, and no header is demanded here: there are two that may carry a key. */
  private guard(authorize: VerbFunction): RequestAuthorizer {
    return new RequestAuthorizer(this, 'Guard', {
      handler: authorize.lambda,
      identitySources: [],
      resultsCacheTtl: Duration.seconds(0),
    });
  }

  private route(plan: readonly PlannedResource[], functions: ApiProps['functions'], guard: RequestAuthorizer): void {
    const integrations = Object.fromEntries(
      Object.entries(functions).map(([name, { lambda }]) => [
        name,
        new LambdaIntegration(lambda, { scopePermissionToMethod: false }),
      ]),
    );
    for (const { path, methods } of plan) {
      const resource = this.rest.root.resourceForPath(path);
      for (const method of methods) {
        resource.addMethod(method.method, integrations[method.function] as LambdaIntegration, options(method, guard));
      }
    }
  }

  private say({ type, status, error, headers }: GatewayAnswer): void {
    const all = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*', ...headers };
    this.rest.addGatewayResponse(type.responseType, {
      type,
      ...(status !== undefined && { statusCode: status }),
      responseHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, `'${value}'`])),
      templates: {
        'application/json': error === undefined ? '{"error":$context.error.messageString}' : JSON.stringify({ error }),
      },
    });
  }
}

const options = ({ open, metered }: PlannedMethod, guard: RequestAuthorizer): MethodOptions =>
  open
    ? { authorizationType: AuthorizationType.NONE, apiKeyRequired: false }
    : { authorizationType: AuthorizationType.CUSTOM, authorizer: guard, apiKeyRequired: metered };
