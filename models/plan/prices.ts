/** What serving costs, in USD, without any free tier. */
export interface ServingPrices {
  readonly region: string;
  /** When these were looked up. */
  readonly asOf: string;
  readonly lambdaGbSecond: number;
  readonly lambdaMillionRequests: number;
  readonly apiMillionRequests: number;
  readonly s3ThousandWrites: number;
  /** By SageMaker instance type. */
  readonly instanceHour: Readonly<Record<string, number>>;
}

/** Data, to be replaced by whoever pays other prices. Lambda's are of arm64. */
export const usEast1: ServingPrices = {
  region: 'us-east-1',
  asOf: '2026-11',
  lambdaGbSecond: 0.0000133334,
  lambdaMillionRequests: 0.2,
  apiMillionRequests: 3.5,
  s3ThousandWrites: 0.005,
  instanceHour: { 'ml.g4dn.xlarge': 0.736, 'ml.g5.xlarge': 1.408 },
};

/** An hour of training in USD by SageMaker instance type; same region, same date. */
export const trainingHour: Readonly<Record<string, number>> = {
  'ml.m5.large': 0.115,
  'ml.m5.xlarge': 0.23,
  'ml.c5.xlarge': 0.204,
  'ml.c5.2xlarge': 0.408,
};
