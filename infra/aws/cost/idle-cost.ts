import { asArray, resourcesOf, type Template } from '../rules/rule.ts';
import type { Prices } from './prices.ts';

/** One line of a bill. */
export interface CostItem {
  readonly what: string;
  readonly count: number;
  /** USD a month for one. */
  readonly each: number;
  readonly usd: number;
}

/** What lies there while nobody calls. */
export interface Holdings {
  readonly modelsGb: number;
  readonly logsGb: number;
}

/** Some dozens of small models. */
const LITTLE: Holdings = { modelsGb: 1, logsGb: 0.1 };

/** 365 days of 24 hours, over 12. */
const HOURS_A_MONTH = 730;

/** Lambda asks an idle queue with five long polls, each of 20 seconds. */
const IDLE_POLLS_A_MONTH = 5 * 3 * 60 * 24 * 30;

/**
 * What a stage costs in a month in which nobody calls it, item by item, no free tier counted but for dashboards. What
 * costs nothing idle (functions, gateway, keys, plans, rules, queues, topics) is left out.
 */
export function idleCost(templates: readonly Template[], prices: Prices, holdings: Holdings = LITTLE): CostItem[] {
  const count = (type: string) => templates.reduce((sum, template) => sum + resourcesOf(template, type).length, 0);
  const line = (what: string, amount: number, each: number) => ({ what, count: amount, each, usd: amount * each });
  const paidDashboards = Math.max(0, count('AWS::CloudWatch::Dashboard') - prices.freeDashboards);
  return [
    line('alarm metrics', alarmMetrics(templates), prices.alarmMetricMonth),
    line('dashboards past the free ones', paidDashboards, prices.dashboardMonth),
    line(
      'million polls of an idle queue',
      (count('AWS::Lambda::EventSourceMapping') * IDLE_POLLS_A_MONTH) / 1e6,
      prices.sqsMillionRequests,
    ),
    ...gpuHours(templates, prices).map(({ type, count: instances, hour }) =>
      line(`hours of ${type}`, instances * HOURS_A_MONTH, hour),
    ),
    line('encryption keys', count('AWS::KMS::Key'), prices.kmsKeyMonth),
    line('web ACLs', count('AWS::WAFv2::WebACL'), prices.wafAclMonth),
    line('GB of models', holdings.modelsGb, prices.s3GbMonth),
    line('GB of logs', holdings.logsGb, prices.logGbMonth),
  ];
}

export const totalOf = (items: readonly CostItem[]): number => items.reduce((sum, { usd }) => sum + usd, 0);

/** Instances that are up even when nobody calls. */
const gpuHours = (templates: readonly Template[], { instanceHour }: Prices) =>
  templates
    .flatMap((template) => resourcesOf(template, 'AWS::SageMaker::EndpointConfig'))
    .flatMap(([, { ProductionVariants }]) => ProductionVariants as readonly Variant[])
    .map(({ InstanceType, InitialInstanceCount }) => ({
      type: InstanceType,
      count: InitialInstanceCount,
      hour: instanceHour[InstanceType] ?? Number.NaN,
    }));

interface Variant {
  readonly InstanceType: string;
  readonly InitialInstanceCount: number;
}

/** An alarm over an expression pays for every metric in it. */
const alarmMetrics = (templates: readonly Template[]): number =>
  templates
    .flatMap((template) => resourcesOf(template, 'AWS::CloudWatch::Alarm'))
    .reduce((sum, [, { Metrics }]) => sum + Math.max(1, metricsIn(Metrics)), 0);

const metricsIn = (metrics: unknown): number =>
  asArray(metrics as readonly { MetricStat?: unknown }[]).filter(({ MetricStat }) => MetricStat !== undefined).length;

/** The bill as text, a line an item and the sum below. */
export function costTable(items: readonly CostItem[], { region, asOf }: Prices): string {
  const row = (what: string, count: string, usd: number) =>
    `${what.padEnd(34)}${count.padStart(10)}${`$${usd.toFixed(3)}`.padStart(10)}`;
  return [
    `USD a month, idle, ${region}, prices of ${asOf}`,
    ...items.map(({ what, count, usd }) => row(what, String(Number(count.toFixed(3))), usd)),
    row('together', '', totalOf(items)),
  ].join('\n');
}
