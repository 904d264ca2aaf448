import { Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ASYNC_ANSWERS, ASYNC_FAILURES } from '../../../adapters/registry/async-layout.ts';
import { layout } from '../../../adapters/registry/layout.ts';
import type { AsyncStageSite } from '../../../functions/http/async-site.ts';
import { endpointName } from '../endpoint-name.ts';
import { asyncKeys, registryKeys } from '../key-patterns.ts';
import type { AsyncGpu, Stage } from '../stages.ts';
import { AsyncBucket } from './async-bucket.ts';
import type { DropQueue } from './drop-queue.ts';
import type { Registry } from './registry.ts';
import { SagemakerRole } from './sagemaker-role.ts';
import { MACHINE_IMAGE, Triton } from './triton.ts';
import type { VerbFunction } from './verb-function.ts';

export interface AsyncEndpointsProps {
  readonly stage: Stage;
  readonly asyncGpu: AsyncGpu;
  readonly registry: Registry;
  readonly deploy: VerbFunction;
  readonly jobs: VerbFunction;
  readonly drops: DropQueue;
}

/** What AWS sets on a resource that is made with it, and policies read. */
const STAGE_TAG = 'modeldrop:stage';
/** By which AWS lets SageMaker's endpoints be scaled, in every account. */
const SCALING_ROLE = 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';
const SCALER = 'sagemaker.application-autoscaling.amazonaws.com';

/**
 * Lets `deploy` have an asynchronous endpoint made for a model, and `jobs` ask it and hear of its answers. The endpoints
 * themselves come and go with models. Nothing of it costs anything while there is none.
 */
export class AsyncEndpoints extends Construct {
  readonly bucket: AsyncBucket;
  private readonly stack = Stack.of(this);
  /** What every name of an endpoint begins with, and of all that is made for one. */
  private readonly prefix: string;

  constructor(scope: Construct, id: string, props: AsyncEndpointsProps) {
    super(scope, id);
    const { stage, registry, deploy, jobs, drops } = props;
    this.prefix = endpointName(stage.name);
    const { key } = registry;
    this.bucket = new AsyncBucket(this, 'Calls', { stage, ...(key && { encryptionKey: key }) });
    const role = this.role(registry);
    deploy.tell('MODELDROP_ASYNC_SITE', this.stack.toJsonString(this.site(props, role)));
    this.mayMake(deploy, props, role);
    this.mayScale(deploy);
    registry.openTo(deploy, {
      read: [registryKeys.triton],
      write: [registryKeys.triton],
      delete: [registryKeys.triton],
    });
    deploy.may(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [drops.queue.queueArn] }));
    this.mayAsk(jobs);
    this.hear(props);
  }

  private site({ stage, asyncGpu, registry, drops }: AsyncEndpointsProps, role: Role): AsyncStageSite {
    const image = new Triton(this, 'Image', { release: asyncGpu.triton, asked: 'stage.asyncGpu' });
    image.pullBy(role);
    const { key } = registry;
    return {
      stage: this.prefix,
      image: image.path,
      role: role.roleArn,
      instance: asyncGpu.instance,
      machineImage: MACHINE_IMAGE,
      max: asyncGpu.max,
      archives: registry.bucket.s3UrlForObject(layout.tritons),
      answers: this.bucket.bucket.s3UrlForObject(ASYNC_ANSWERS),
      failures: this.bucket.bucket.s3UrlForObject(ASYNC_FAILURES),
      logDays: stage.logRetentionDays,
      tags: { [STAGE_TAG]: stage.name },
      queue: drops.queue.queueUrl,
      ...(key && { kmsKey: key.keyArn }),
    };
  }

  private named(resource: string): string {
    return this.stack.formatArn({ service: 'sagemaker', resource, resourceName: `${this.prefix}-*` });
  }

  private arnOfLogs(suffix: string): string {
    const { partition, region, account } = this.stack;
    return `arn:${partition}:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${this.prefix}-*${suffix}`;
  }

  /** May read models and what they are asked, answer, pull Triton and write its log, and nothing else. */
  private role(registry: Registry): Role {
    const role = new SagemakerRole(this, 'Role');
    registry.readBy(role, [registryKeys.triton]);
    this.bucket.openToRole(role, { read: [asyncKeys.inputs], write: [asyncKeys.answers] });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.arnOfLogs(':*')],
      }),
    );
    return role;
  }

  /** Of our names, with our tag, on our instance, cut off from the network. */
  private mayMake(deploy: VerbFunction, { stage, asyncGpu }: AsyncEndpointsProps, role: Role): void {
    const [model, config, endpoint] = [this.named('model'), this.named('endpoint-config'), this.named('endpoint')];
    const asked = { StringEquals: { [`aws:RequestTag/${STAGE_TAG}`]: stage.name } };
    // What is not there has no tag, and is to be found missing, not forbidden.
    const owned = { StringEqualsIfExists: { [`aws:ResourceTag/${STAGE_TAG}`]: stage.name } };
    const allow = (actions: string[], resources: string[], conditions: Record<string, unknown>) =>
      deploy.may(new PolicyStatement({ actions, resources, conditions }));
    allow(['sagemaker:CreateModel'], [model], {
      ...asked,
      Bool: { 'sagemaker:NetworkIsolation': 'true' },
    });
    allow(['sagemaker:CreateEndpointConfig'], [config], {
      ...asked,
      'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': [asyncGpu.instance] },
    });
    allow(['sagemaker:CreateEndpoint'], [endpoint, config], asked);
    allow(['sagemaker:AddTags'], [model, config, endpoint], asked);
    allow(['sagemaker:DescribeEndpoint', 'sagemaker:DeleteEndpoint'], [endpoint], owned);
    allow(['sagemaker:DeleteEndpointConfig'], [config], owned);
    allow(['sagemaker:DeleteModel'], [model], owned);
    allow(['iam:PassRole'], [role.roleArn], { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    allow(['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], [this.arnOfLogs('')], {});
  }

  /** Scalable targets have ids of AWS's own: they are held to endpoints of SageMaker. */
  private mayScale(deploy: VerbFunction): void {
    const { partition, region, account } = this.stack;
    const of = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
    deploy.may(
      new PolicyStatement({
        actions: [
          'application-autoscaling:RegisterScalableTarget',
          'application-autoscaling:DeregisterScalableTarget',
          'application-autoscaling:PutScalingPolicy',
        ],
        resources: [of('application-autoscaling', 'scalable-target/*')],
        conditions: {
          StringEquals: {
            'application-autoscaling:service-namespace': 'sagemaker',
            'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
          },
        },
      }),
      // What it does on behalf of whoever asks it.
      new PolicyStatement({
        actions: ['sagemaker:DescribeEndpointConfig', 'sagemaker:UpdateEndpointWeightsAndCapacities'],
        resources: [this.named('endpoint'), this.named('endpoint-config')],
      }),
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'],
        resources: [
          of('cloudwatch', `alarm:${this.prefix}-*`),
          of('cloudwatch', `alarm:TargetTracking-endpoint/${this.prefix}-*`),
        ],
      }),
      new PolicyStatement({
        actions: ['iam:CreateServiceLinkedRole'],
        resources: [`arn:${partition}:iam::${account}:role/aws-service-role/${SCALER}/${SCALING_ROLE}`],
        conditions: { StringEquals: { 'iam:AWSServiceName': SCALER } },
      }),
    );
  }

  private mayAsk(jobs: VerbFunction): void {
    jobs.tell('MODELDROP_ASYNC_STAGE', this.prefix);
    const { inputs, answers, asked } = asyncKeys;
    this.bucket.openTo(jobs, {
      read: [inputs, answers, asked],
      write: [inputs, asked],
      delete: [inputs, answers],
    });
    jobs.may(new PolicyStatement({ actions: ['sagemaker:InvokeEndpointAsync'], resources: [this.named('endpoint')] }));
  }

  private hear({ registry, jobs, drops }: AsyncEndpointsProps): void {
    new Rule(this, 'Answered', {
      description: 'Answers of asynchronous endpoints, and reasons why there is none',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [this.bucket.bucket.bucketName] },
          object: { key: [{ prefix: `${ASYNC_ANSWERS}/` }] },
        },
      },
      targets: [
        new LambdaFunction(jobs.lambda, {
          event: RuleTargetInput.fromObject({ answer: EventField.fromPath('$.detail.object.key') }),
        }),
      ],
    });
    new Rule(this, 'Erased', {
      description: 'Archives that no version names any more: their endpoints go, too',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Deleted'],
        detail: { bucket: { name: [registry.bucket.bucketName] }, object: { key: [{ prefix: layout.tritons }] } },
      },
      targets: [new SqsQueue(drops.queue, { deadLetterQueue: drops.deadLetters })],
    });
  }
}
