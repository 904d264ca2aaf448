import { describe, expect, it } from 'vitest';
import { type CostItem, costTable, idleCost, totalOf } from '../../../infra/aws/cost/idle-cost.ts';
import { usEast1 } from '../../../infra/aws/cost/prices.ts';
import { ofType, type Properties, type StageName, stages, synthesized } from './synthesized.ts';

const operationsOf = (stage: StageName) => synthesized(stages[stage]).templates.Operations;

describe('alarms', () => {
  it('are at most ten, each says what to do, and silence is no alarm', () => {
    const alarms = ofType(operationsOf('dev'), 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeLessThanOrEqual(10);
    for (const { AlarmDescription, TreatMissingData } of alarms) {
      expect(AlarmDescription).toMatch(/[.?]$/);
      expect(TreatMissingData).toBe('notBreaching');
    }
  });

  it('watch the GPU endpoint where there is one', () => {
    const endpointAlarms = (stage: StageName) =>
      ofType(operationsOf(stage), 'AWS::CloudWatch::Alarm').filter(({ Dimensions }) =>
        JSON.stringify(Dimensions ?? []).includes('EndpointName'),
      );
    expect(endpointAlarms('dev')).toEqual([]);
    expect(endpointAlarms('lavish').map(({ MetricName }) => MetricName)).toEqual([
      'Invocation5XXErrors',
      'GPUMemoryUtilization',
    ]);
    expect(JSON.stringify(endpointAlarms('lavish'))).toContain('"modeldrop-lavish"');
  });

  it.each([
    ['dead letters', 'ApproximateNumberOfMessagesVisible'],
    ['waiting drops', 'ApproximateAgeOfOldestMessage'],
    ['errors', 'Errors'],
    ['throttles', 'Throttles'],
    ['5xx', '5XXError'],
  ])('watch %s', (_, metric) => {
    const watched = ofType(operationsOf('dev'), 'AWS::CloudWatch::Alarm').map(({ MetricName }) => MetricName);
    expect(watched).toContain(metric);
  });

  it('write to somebody where the stage names one, over TLS only', () => {
    expect(ofType(operationsOf('dev'), 'AWS::SNS::Topic')).toEqual([]);
    const lavish = operationsOf('lavish');
    expect(ofType(lavish, 'AWS::SNS::Subscription')).toMatchObject([
      { Protocol: 'email', Endpoint: 'ops@example.com' },
    ]);
    for (const { AlarmActions } of ofType(lavish, 'AWS::CloudWatch::Alarm')) expect(AlarmActions).toHaveLength(1);
    expect(JSON.stringify(ofType(lavish, 'AWS::SNS::TopicPolicy'))).toContain('"aws:SecureTransport":"false"');
  });
});

it('one dashboard finds what models report by itself', () => {
  const boards = ofType(operationsOf('dev'), 'AWS::CloudWatch::Dashboard');
  expect(boards).toHaveLength(1);
  expect(JSON.stringify(boards)).toContain('SEARCH(');
});

describe('idle, a stage costs', () => {
  const costOf = (stage: StageName): CostItem[] =>
    idleCost(Object.values(synthesized(stages[stage]).templates), usEast1);

  it('less than a dollar a month by default', () => {
    expect(totalOf(costOf('dev'))).toBeLessThan(1);
    expect(totalOf(costOf('prod'))).toBeLessThan(1);
  });

  it('a dollar more with a key of its own', () => {
    const keys = costOf('lavish').find(({ what }) => what === 'encryption keys');
    expect(keys?.usd).toBeCloseTo(usEast1.kmsKeyMonth);
  });

  it('what the table says, item by item', () => {
    const items: CostItem[] = [
      { what: 'alarm metrics', count: 6, each: 0.1, usd: 0.6 },
      { what: 'GB of models', count: 1, each: 0.023, usd: 0.023 },
    ];
    expect(costTable(items, usEast1).split('\n')).toEqual([
      'USD a month, idle, us-east-1, prices of 2026-11',
      'alarm metrics                              6    $0.600',
      'GB of models                               1    $0.023',
      'together                                        $0.623',
    ]);
  });

  it('for each metric of an alarm over an expression, and for dashboards past the free ones', () => {
    const alarm = (Metrics?: unknown[]) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: Metrics ? { Metrics } : {} });
    const board = { Type: 'AWS::CloudWatch::Dashboard' };
    const template = {
      Resources: {
        a: alarm(),
        b: alarm([{ Expression: 'm1 + m2' }, { MetricStat: {} }, { MetricStat: {} }]),
        ...Object.fromEntries(['c', 'd', 'e', 'f'].map((id) => [id, board])),
      },
    };
    const items = new Map(idleCost([template], usEast1).map(({ what, usd }: Properties) => [what, usd]));
    expect(items.get('alarm metrics')).toBeCloseTo(0.3);
    expect(items.get('dashboards past the free ones')).toBe(3);
  });
});
