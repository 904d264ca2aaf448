import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './watched.ts';

export interface BoardProps {
  readonly watched: Watched;
}

/** Where the functions put what they count about models. */
export const METRIC_NAMESPACE = 'Modeldrop';

const PERIOD = Duration.minutes(5);

/** The one dashboard. What models report it finds by itself, so that a new model needs no deployment. */
export class Board extends Construct {
  constructor(scope: Construct, id: string, { watched }: BoardProps) {
    super(scope, id);
    const { api, functions, drops } = watched;
    const each = (metric: (fn: (typeof functions)[number]) => IMetric) => functions.map(metric);
    const sum = { period: PERIOD, statistic: 'Sum' };
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(6),
      widgets: [
        [
          graph('Requests', [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)]),
          graph(
            'Answer time',
            ['p50', 'p99'].map((statistic) => api.metricLatency({ period: PERIOD, statistic })),
          ),
        ],
        [
          graph(
            'Calls',
            each(({ lambda, verb }) => lambda.metricInvocations({ ...sum, label: verb })),
          ),
          graph(
            'Errors',
            each(({ lambda, verb }) => lambda.metricErrors({ ...sum, label: verb })),
          ),
          graph(
            'Throttles',
            each(({ lambda, verb }) => lambda.metricThrottles({ ...sum, label: verb })),
          ),
        ],
        [
          graph('Drops', [
            drops.queue.metricNumberOfMessagesSent(sum),
            drops.queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
            drops.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
          ]),
          graph('Models', [found('Average')]),
        ],
      ],
    });
  }
}

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: 8, period: PERIOD });

const found = (statistic: string): MathExpression =>
  new MathExpression({
    expression: `SEARCH('Namespace="${METRIC_NAMESPACE}"', '${statistic}', ${PERIOD.toSeconds()})`,
    label: '',
    period: PERIOD,
    usingMetrics: {},
  });
