import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { VARIANT } from '../endpoint-name.ts';
import { lambdaOf, type Watched } from './watched.ts';

export interface AlarmsProps {
  readonly watched: Watched;
  /** Who is written to; without, alarms are seen on the dashboard only. */
  readonly email?: string;
}

interface Watch {
  readonly name: string;
  readonly metric: IMetric;
  readonly above: number;
  /** What it means, and where to look. */
  readonly meaning: string;
  readonly periods?: number;
}

const FIVE_MINUTES = { period: Duration.minutes(5), statistic: 'Sum' };

/** The few alarms that a person must hear of. Errors of `verify` are none: it is there to be killed by bad models. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { watched, email }: AlarmsProps) {
    super(scope, id);
    const actions = email === undefined ? [] : [this.letterTo(email)];
    for (const { name, metric, above, meaning, periods = 1 } of watches(watched)) {
      const alarm = new Alarm(this, name, {
        metric,
        threshold: above,
        evaluationPeriods: periods,
        alarmDescription: meaning,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(...actions);
    }
  }

  private letterTo(email: string): SnsAction {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    return new SnsAction(topic);
  }
}

const watches = (watched: Watched): Watch[] => [
  ...(watched.endpoint ? endpointWatches(watched.endpoint) : []),
  {
    name: 'DeadLetters',
    metric: watched.drops.deadLetters.metricApproximateNumberOfMessagesVisible({
      ...FIVE_MINUTES,
      statistic: 'Maximum',
    }),
    above: 0,
    meaning:
      'A drop, a training or a job failed three times. The log of deploy, train or jobs says why. Mend it, and redrive the dead-letter queue: what is no drop comes back to it, and is for its caller to send again.',
  },
  {
    name: 'DropsWait',
    metric: watched.drops.queue.metricApproximateAgeOfOldestMessage({ ...FIVE_MINUTES, statistic: 'Maximum' }),
    above: 1_800,
    meaning: 'A drop has waited for half an hour. Is deploy throttled, or does it hang?',
  },
  {
    name: 'DeployErrors',
    metric: lambdaOf(watched, 'deploy').metricErrors(FIVE_MINUTES),
    above: 0,
    meaning: 'Deploy broke down or ran out of time. Its log says where.',
  },
  {
    name: 'WatchErrors',
    metric: lambdaOf(watched, 'watch').metricErrors(FIVE_MINUTES),
    above: 0,
    periods: 3,
    meaning: 'Nobody judges canaries: watch breaks down. Its log says where.',
  },
  {
    name: 'ServerErrors',
    metric: watched.api.metricServerError(FIVE_MINUTES),
    above: 5,
    periods: 2,
    meaning: 'Callers get 5xx. The request ids are in the logs of authorize, predict, catalog and control.',
  },
  {
    name: 'PredictThrottles',
    metric: lambdaOf(watched, 'predict').metricThrottles(FIVE_MINUTES),
    above: 0,
    periods: 2,
    meaning: "Predictions hit the account's concurrency. Ask AWS for more, or lower the tenants' bursts.",
  },
  {
    name: 'AuthorizeThrottles',
    metric: lambdaOf(watched, 'authorize').metricThrottles(FIVE_MINUTES),
    above: 0,
    periods: 2,
    meaning: "Keys can't be checked for want of concurrency. Ask AWS for more, or lower the tenants' bursts.",
  },
];

function endpointWatches(EndpointName: string): Watch[] {
  const dimensionsMap = { EndpointName, VariantName: VARIANT };
  return [
    {
      name: 'EndpointErrors',
      metric: new Metric({
        namespace: 'AWS/SageMaker',
        metricName: 'Invocation5XXErrors',
        dimensionsMap,
        ...FIVE_MINUTES,
      }),
      above: 5,
      periods: 2,
      meaning:
        "The GPU endpoint answers 5xx. Its log is /aws/sagemaker/Endpoints; a model may not fit the GPU's memory.",
    },
    {
      name: 'EndpointMemory',
      metric: new Metric({
        namespace: '/aws/sagemaker/Endpoints',
        metricName: 'GPUMemoryUtilization',
        dimensionsMap,
        ...FIVE_MINUTES,
        statistic: 'Maximum',
      }),
      above: 90,
      periods: 3,
      meaning:
        'The GPU is nearly full: models are unloaded for others, and wait to be loaded again. Take a larger instance.',
    },
  ];
}
