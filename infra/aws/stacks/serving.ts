import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { routes } from '../../../functions/http/routes.ts';
import { planApi } from '../api-plan.ts';
import { Api } from '../constructs/api.ts';
import { Metering } from '../constructs/metering.ts';
import { trainingArn } from '../constructs/network-training.ts';
import { VerbFunction, type VerbFunctionProps } from '../constructs/verb-function.ts';
import { endpointName } from '../endpoint-name.ts';
import { jobsFunctionName } from '../jobs-function-name.ts';
import { inboxKeys, registryKeys } from '../key-patterns.ts';
import { largestInput } from '../largest-input.ts';
import type { Stage } from '../stages.ts';
import type { Storage } from './storage.ts';

export interface ServingProps extends StackProps {
  readonly stage: Stage;
  readonly storage: Storage;
}

/** Below the gateway's 29 seconds, so that a call that takes too long ends in our own words. */
const ANSWER_IN_TIME = Duration.seconds(28);

/** Everything that answers HTTP. */
export class Serving extends Stack {
  readonly api: Api;
  readonly authorize: VerbFunction;
  readonly predict: VerbFunction;
  readonly catalog: VerbFunction;
  readonly control: VerbFunction;

  constructor(scope: Construct, id: string, { stage, storage, ...props }: ServingProps) {
    super(scope, id, props);
    const verb = (name: string, options: Omit<VerbFunctionProps, 'stage'>) =>
      new VerbFunction(this, name, { stage, ...options });
    this.authorize = verb('Authorize', { verb: 'authorize', timeout: Duration.seconds(10) });
    this.predict = verb('Predict', {
      verb: 'predict',
      timeout: ANSWER_IN_TIME,
      // Of the copies that it sends to a shadow: one that fails or waits is lost, and no request is kept.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    this.catalog = verb('Catalog', { verb: 'catalog', timeout: ANSWER_IN_TIME });
    this.control = verb('Control', { verb: 'control', timeout: ANSWER_IN_TIME });
    this.open(storage);
    if (stage.gpu) this.reachEndpoint(storage, endpointName(stage.name));
    if (stage.asyncGpu) this.control.tell('MODELDROP_LARGEST_INPUT', String(largestInput(stage.memory.jobs)));
    if (stage.training) this.mayFollow(trainingArn(this, stage.name));
    this.mayStartJobs(jobsFunctionName(stage.name));

    const metering = new Metering(this, 'Metering', { tenants: stage.tenants });
    metering.tell(this.authorize);
    this.api = new Api(this, 'Api', {
      stage,
      plan: planApi(routes),
      functions: { predict: this.predict, catalog: this.catalog, control: this.control },
      authorize: this.authorize,
    });
    metering.meter(this.api.rest);
    new CfnOutput(this, 'ApiUrl', { value: this.api.rest.urlForPath('/') });
  }

  private open({ registry, inbox }: Storage): void {
    const { blobs, manifests, channels, keys, drops, jobs, trainingJobs, watch } = registryKeys;
    registry.openTo(this.authorize, { read: [keys] });
    registry.openTo(this.predict, { read: [channels, manifests, blobs] });
    this.mayStartItself(this.predict);
    registry.openTo(this.catalog, { read: [channels, manifests, drops, keys, jobs, trainingJobs, watch] });
    // Erasing a model takes its versions and drops away, and puts a blob back that another model came to share.
    registry.openTo(this.control, {
      read: [channels, manifests, blobs, drops, keys, jobs, trainingJobs],
      write: [channels, keys, blobs, jobs, trainingJobs],
      delete: [manifests, blobs, drops, keys, jobs, trainingJobs],
    });
    // It signs uploads, which can do no more than the one who signs.
    inbox.openTo(this.control, { write: [inboxKeys.drops] });
  }

  /** Predictions are forwarded to it; erasing a model takes its archives away. */
  private reachEndpoint({ registry }: Storage, endpoint: string): void {
    const resource = this.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpoint });
    this.predict.tell('MODELDROP_ENDPOINT', endpoint);
    this.predict.may(new PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: [resource] }));
    registry.openTo(this.control, { read: [registryKeys.triton], delete: [registryKeys.triton] });
  }

  /** How far a network is, only SageMaker knows. */
  private mayFollow(trainings: string): void {
    this.catalog.may(new PolicyStatement({ actions: ['sagemaker:DescribeTrainingJob'], resources: [trainings] }));
  }

  private mayStartJobs(functionName: string): void {
    const jobs = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.control.tell('MODELDROP_JOBS_FUNCTION', functionName);
    this.control.may(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [jobs] }));
  }

  /** In a policy of its own: the function waits for its role's, which can't name the function then. */
  private mayStartItself({ lambda, role }: VerbFunction): void {
    new Policy(this, 'Shadow', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] })],
    });
  }
}
