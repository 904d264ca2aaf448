import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';

/** A job waits six hours at most. */
const KEPT_DAYS = 2;

/**
 * The bucket of asynchronous calls: inputs and answers lie there until their job ends, and whatever is forgotten for two days. Nothing
 * of it is kept when it is deleted, or when its stage is: jobs have results of their own. It tells EventBridge of every object.
 */
export class AsyncBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, props: Omit<PrivateBucketProps, 'variable'>) {
    super(scope, id, {
      versioned: false,
      lifecycleRules: [{ id: 'forgotten', expiration: Duration.days(KEPT_DAYS) }],
      removalPolicy: RemovalPolicy.DESTROY,
      ...props,
      variable: 'MODELDROP_ASYNC_BUCKET',
    });
    this.tellEventBridge();
  }
}
