import { Duration } from 'aws-cdk-lib';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { inboxKeys } from '../key-patterns.ts';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';

/** Days for which a refused drop waits to be mended. */
const REFUSED_DAYS = 30;

/** The bucket that models are dropped into. It tells EventBridge of every object. */
export class Inbox extends PrivateBucket {
  constructor(scope: Construct, id: string, props: Omit<PrivateBucketProps, 'variable'>) {
    super(scope, id, {
      lifecycleRules: [
        { id: 'refused', prefix: inboxKeys.refused.replace('*', ''), expiration: Duration.days(REFUSED_DAYS) },
      ],
      // A browser uploads by a presigned URL, which is the permission: its origin adds nothing.
      cors: [
        { allowedMethods: [HttpMethods.PUT], allowedOrigins: ['*'], allowedHeaders: ['*'], exposedHeaders: ['ETag'] },
      ],
      ...props,
      variable: 'MODELDROP_INBOX_BUCKET',
    });
    this.tellEventBridge();
  }
}
