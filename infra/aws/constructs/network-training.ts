import { Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { NetworkTraining as Told } from '../../../functions/http/network-training.ts';
import { trainingPrefix } from '../../../models/training-name.ts';
import { registryKeys } from '../key-patterns.ts';
import type { Stage, Training } from '../stages.ts';
import { AwsImage } from './aws-image.ts';
import type { Registry } from './registry.ts';
import { SagemakerRole } from './sagemaker-role.ts';
import type { VerbFunction } from './verb-function.ts';

export interface NetworkTrainingProps {
  readonly stage: Stage;
  readonly training: Training;
  readonly registry: Registry;
  readonly train: VerbFunction;
}

const LOG_GROUP = '/aws/sagemaker/TrainingJobs';
const { networkTasks, networks } = registryKeys;

/** Trainings of this stage, as policies name them. */
export const trainingArn = (stack: Stack, stage: string): string =>
  stack.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: `${trainingPrefix(stage)}*` });

/** Lets `train` have SageMaker train networks, and hear when they end. Nothing of it costs anything while nobody trains. */
export class NetworkTraining extends Construct {
  private readonly stack = Stack.of(this);

  constructor(scope: Construct, id: string, { stage, training, registry, train }: NetworkTrainingProps) {
    super(scope, id);
    const role = this.role(registry);
    const image = new AwsImage(this, 'Image', {
      repository: 'pytorch-training',
      tag: training.pytorch,
      asked: 'stage.training',
      whose: "PyTorch's",
    });
    image.pullBy(role);
    const prefix = trainingPrefix(stage.name);
    const told: Told = {
      prefix,
      image: image.path,
      role: role.roleArn,
      instance: training.instance,
      maxSeconds: training.maxSeconds,
      ...(registry.key && { kmsKey: registry.key.keyArn }),
    };
    train.tell('MODELDROP_TRAINING', this.stack.toJsonString(told));
    registry.openTo(train, { read: [networkTasks, networks], write: [networkTasks] });
    train.may(
      new PolicyStatement({
        actions: ['sagemaker:CreateTrainingJob'],
        resources: [trainingArn(this.stack, stage.name)],
        conditions: {
          Bool: { 'sagemaker:NetworkIsolation': 'true' },
          'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': [training.instance] },
          NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': String(training.maxSeconds) },
        },
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    );
    new Rule(this, 'Ended', {
      description: 'Trainings of networks that ended',
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Training Job State Change'],
        detail: { TrainingJobName: [{ prefix }], TrainingJobStatus: ['Completed', 'Failed', 'Stopped'] },
      },
      targets: [new LambdaFunction(train.lambda, { event: RuleTargetInput.fromEventPath('$.detail') })],
    });
  }

  /** May read what is to be learned, write what was, write its log and its figures, and nothing else. */
  private role(registry: Registry): Role {
    const role = new SagemakerRole(this, 'Role');
    registry.openToRole(role, { read: [networkTasks], write: [networks] });
    const allow = (actions: string[], resource: string, conditions: Record<string, unknown> = {}) =>
      role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource], conditions }));
    const { key } = registry;
    // The disk of the machine is sealed by it, too.
    if (key) allow(['kms:CreateGrant'], key.keyArn, { Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    allow(['cloudwatch:PutMetricData'], '*', { StringEquals: { 'cloudwatch:namespace': LOG_GROUP } });
    // SageMaker's one group for all trainings of an account: whoever is first makes it.
    allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      `arn:${this.stack.partition}:logs:${this.stack.region}:${this.stack.account}:log-group:${LOG_GROUP}:*`,
    );
    return role;
  }
}
