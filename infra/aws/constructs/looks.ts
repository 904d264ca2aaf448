import { Duration, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { registryKeys } from '../key-patterns.ts';
import type { Stage } from '../stages.ts';
import type { Registry } from './registry.ts';
import type { VerbFunction } from './verb-function.ts';

export interface LooksProps {
  readonly stage: Stage;
  readonly watch: VerbFunction;
  readonly registry: Registry;
}

/** When `watch` looks: every hour, when a channel moves, and every minute while it has that rule switched on. */
export class Looks extends Construct {
  constructor(scope: Construct, id: string, { stage, watch, registry }: LooksProps) {
    super(scope, id);
    const target = (input: object) =>
      new LambdaFunction(watch.lambda, { event: RuleTargetInput.fromObject(input), retryAttempts: 2 });
    new Rule(this, 'Hours', {
      description: 'Drift, and canaries that nobody told of',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [target({ look: 'hour' })],
    });
    new Rule(this, 'Moved', {
      description: 'Every release, whoever makes it',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [registry.bucket.bucketName] },
          object: { key: [{ prefix: registryKeys.channels.replace('*', '') }] },
        },
      },
      targets: [target({ look: 'moved', key: EventField.fromPath('$.detail.object.key') })],
    });
    // A name of our own: the function is told it, and the rule is told the function.
    const ruleName = `modeldrop-${stage.name}-open-canaries`;
    new Rule(this, 'Minutes', {
      ruleName,
      description: 'Switched on by watch while a canary is open',
      schedule: Schedule.rate(Duration.minutes(1)),
      enabled: false,
      targets: [target({ look: 'minute' })],
    });
    watch.tell('MODELDROP_MINUTES_RULE', ruleName);
    const resources = [Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: ruleName })];
    watch.may(new PolicyStatement({ actions: ['events:EnableRule', 'events:DisableRule'], resources }));
  }
}
