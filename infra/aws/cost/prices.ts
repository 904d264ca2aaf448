import { usEast1 as serving } from '../../../models/plan/prices.ts';

/** What AWS asks for, in USD, without any free tier. */
export interface Prices {
  readonly region: string;
  /** When these were looked up. */
  readonly asOf: string;
  readonly alarmMetricMonth: number;
  readonly dashboardMonth: number;
  /** Dashboards that an account has for nothing. */
  readonly freeDashboards: number;
  readonly kmsKeyMonth: number;
  readonly sqsMillionRequests: number;
  readonly s3GbMonth: number;
  readonly logGbMonth: number;
  readonly wafAclMonth: number;
  /** By SageMaker instance type. */
  readonly instanceHour: Readonly<Record<string, number>>;
}

/** Data, to be replaced by whoever pays other prices. */
export const usEast1: Prices = {
  region: 'us-east-1',
  asOf: '2026-11',
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  freeDashboards: 3,
  kmsKeyMonth: 1,
  sqsMillionRequests: 0.4,
  s3GbMonth: 0.023,
  logGbMonth: 0.03,
  wafAclMonth: 5,
  instanceHour: serving.instanceHour,
};
