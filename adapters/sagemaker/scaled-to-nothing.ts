import { AwsRefused, jsonCall } from '../aws/json-call.ts';
import type { AwsSession } from '../store/aws-session.ts';

export interface Scaling {
  /** From no instance to `max`, by what waits for the endpoint. Safe to repeat. @throws AwsRefused */
  begin(endpoint: string, max: number): Promise<void>;
  /** Safe to repeat. @throws AwsRefused */
  end(endpoint: string): Promise<void>;
}

/** The one variant of each endpoint: canaries are our router's. */
export const VARIANT = 'all';

/** Calls that wait for an instance before another one is started. */
const BACKLOG_PER_INSTANCE = 5;
/** Between two changes: an instance takes minutes to come. */
const [COME_SECONDS, GO_SECONDS] = [300, 300];
const PERIOD_SECONDS = 60;

const targetOf = (endpoint: string) => ({
  ServiceNamespace: 'sagemaker',
  ResourceId: `endpoint/${endpoint}/variant/${VARIANT}`,
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
});

const metricOf = (endpoint: string, name: string) => ({
  Namespace: 'AWS/SageMaker',
  MetricName: name,
  Dimensions: [{ Name: 'EndpointName', Value: endpoint }],
  Statistic: 'Average',
});

/**
 * Asynchronous endpoints follow what waits for them, down to no instance. From none, what waits has nothing to be divided by:
 * there an alarm of our own starts the first one.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export function scaledToNothing(session: AwsSession): Scaling {
  const scaling = jsonCall({ session, service: 'application-autoscaling', target: 'AnyScaleFrontendService' });
  const metrics = jsonCall({ session, service: 'monitoring', target: 'GraniteServiceVersion20100801', version: '1.0' });
  return {
    async begin(endpoint, max) {
      const target = targetOf(endpoint);
      // Without a role of ours: AWS has one for it in every account.
      await scaling('RegisterScalableTarget', { ...target, MinCapacity: 0, MaxCapacity: max });
      await scaling('PutScalingPolicy', { ...target, ...byBacklog(endpoint) });
      const { PolicyARN } = await scaling<Policy>('PutScalingPolicy', { ...target, ...fromNone(endpoint) });
      await metrics('PutMetricAlarm', alarmFor(endpoint, PolicyARN));
    },
    async end(endpoint) {
      await scaling('DeregisterScalableTarget', targetOf(endpoint)).catch(unlessAbsent);
      await metrics('DeleteAlarms', { AlarmNames: [endpoint] }).catch(unlessAbsent);
    },
  };
}

interface Policy {
  readonly PolicyARN: string;
}

/** Its policies, and the alarms that AWS made for them, are gone with it. */
function unlessAbsent(error: unknown): void {
  const isAbsent = error instanceof AwsRefused && /NotFound|No scalable target/.test(`${error.type} ${error.words}`);
  if (!isAbsent) throw error;
}

const byBacklog = (endpoint: string) => ({
  PolicyName: `${endpoint}-backlog`,
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: BACKLOG_PER_INSTANCE,
    CustomizedMetricSpecification: metricOf(endpoint, 'ApproximateBacklogSizePerInstance'),
    ScaleOutCooldown: COME_SECONDS,
    ScaleInCooldown: GO_SECONDS,
  },
});

const fromNone = (endpoint: string) => ({
  PolicyName: `${endpoint}-from-none`,
  PolicyType: 'StepScaling',
  StepScalingPolicyConfiguration: {
    AdjustmentType: 'ChangeInCapacity',
    MetricAggregationType: 'Average',
    Cooldown: COME_SECONDS,
    StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
  },
});

const alarmFor = (endpoint: string, policy: string) => ({
  AlarmName: endpoint,
  AlarmDescription: 'Somebody asks an endpoint that has no instance: one is started. Nothing is wrong.',
  ...metricOf(endpoint, 'HasBacklogWithoutCapacity'),
  Period: PERIOD_SECONDS,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [policy],
});
