import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { JOBS_KEPT_DAYS } from '../../../models/prediction-job.ts';
import { registryKeys } from '../key-patterns.ts';
import { PrivateBucket, type PrivateBucketProps } from './private-bucket.ts';

/** Only ever created: nobody replaces what a digest or a version number names. */
const CREATED = [registryKeys.blobs, registryKeys.manifests, registryKeys.triton];
/** Created, or replaced by whoever has seen what is replaced. */
const REPLACED = [registryKeys.channels, registryKeys.keys, registryKeys.drops, registryKeys.jobs, registryKeys.watch];

/** Jobs go, and what was replaced or deleted of them goes soon: nobody has to undo one, and requests are not ours to keep. */
const goes = (id: string, keys: string, days: number): LifecycleRule => ({
  id,
  prefix: keys.replace('*', ''),
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(1),
});

/** A training takes a day at most; what it learned is dropped as soon as it ends. */
const NETWORKS_KEPT_DAYS = 7;

const LIFECYCLE: readonly LifecycleRule[] = [
  goes('jobs go', registryKeys.jobs, JOBS_KEPT_DAYS),
  goes('network tasks go', registryKeys.networkTasks, NETWORKS_KEPT_DAYS),
  goes('networks go', registryKeys.networks, NETWORKS_KEPT_DAYS),
];

/** The registry's bucket. It takes no write that could undo another one unseen, whoever writes, the operator included. */
export class Registry extends PrivateBucket {
  constructor(scope: Construct, id: string, props: Omit<PrivateBucketProps, 'variable'>) {
    super(scope, id, { lifecycleRules: [...LIFECYCLE], ...props, variable: 'MODELDROP_REGISTRY_BUCKET' });
    this.tellEventBridge();
    this.refuse('CreateOnly', CREATED, { 's3:if-none-match': 'true' });
    this.refuse('CreateOrReplaceByMatch', REPLACED, { 's3:if-none-match': 'true', 's3:if-match': 'true' });
  }

  /** Denies writes in which all of these headers are absent. Parts of an upload carry none: its completion does. */
  private refuse(sid: string, patterns: readonly string[], absent: Record<string, 'true'>): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: patterns.map((pattern) => this.bucket.arnForObjects(pattern)),
        conditions: { Null: absent, Bool: { 's3:ObjectCreationOperation': 'true' } },
      }),
    );
  }
}
