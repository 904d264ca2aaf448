import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { VerbFunction } from './verb-function.ts';

/** What a function may do to objects whose keys match these patterns. */
export interface Access {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly delete?: readonly string[];
}

export interface PrivateBucketProps extends BucketProps {
  readonly stage: Stage;
  /** The variable that tells a function this bucket's name. */
  readonly variable: string;
}

/** Days for which what was replaced or deleted can be brought back. */
export const UNDO_DAYS = 30;

const housekeeping: LifecycleRule = {
  id: 'housekeeping',
  abortIncompleteMultipartUploadAfter: Duration.days(1),
  noncurrentVersionExpiration: Duration.days(UNDO_DAYS),
  expiredObjectDeleteMarker: true,
};

/** A bucket that only its owner's roles reach, over TLS, with every overwrite undoable for a while. */
export class PrivateBucket extends Construct {
  readonly bucket: Bucket;
  private readonly variable: string;
  /** A key of ours that seals its objects, where there is one. */
  readonly key: IKey | undefined;

  constructor(
    scope: Construct,
    id: string,
    { stage, variable, lifecycleRules = [], ...overrides }: PrivateBucketProps,
  ) {
    super(scope, id);
    this.variable = variable;
    this.key = overrides.encryptionKey;
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      ...(this.key
        ? { encryption: BucketEncryption.KMS, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      lifecycleRules: [housekeeping, ...lifecycleRules],
      removalPolicy: stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...overrides,
    });
  }

  /** Lets a function at these objects, and tells it where they are. */
  openTo(fn: VerbFunction, access: Access): void {
    fn.tell(this.variable, this.bucket.bucketName);
    fn.may(...this.statements(access));
  }

  /** Lets a role of another service read these objects. */
  readBy(role: Role, patterns: readonly string[]): void {
    this.openToRole(role, { read: patterns });
  }

  /** Lets a role of another service at these objects. */
  openToRole(role: Role, access: Access): void {
    for (const statement of this.statements(access)) role.addToPrincipalPolicy(statement);
  }

  /** Has EventBridge told of every object. The construct library's own switch is a custom resource with a function. */
  protected tellEventBridge(): void {
    const cfn = this.bucket.node.defaultChild as CfnBucket;
    cfn.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  private statements({ read = [], write = [], delete: gone = [] }: Access): PolicyStatement[] {
    const objects = (patterns: readonly string[]) => patterns.map((pattern) => this.bucket.arnForObjects(pattern));
    const allow = (action: string, patterns: readonly string[]) =>
      patterns.length === 0 ? [] : [new PolicyStatement({ actions: [action], resources: objects(patterns) })];
    return [
      ...allow('s3:GetObject', read),
      ...this.listing(read),
      ...allow('s3:PutObject', write),
      ...allow('s3:DeleteObject', gone),
      ...this.unsealing(read, write),
    ];
  }

  /** Without it a missing object would be 403, and nobody could tell it from a missing permission. */
  private listing(read: readonly string[]): PolicyStatement[] {
    if (read.length === 0) return [];
    const conditions = { StringLike: { 's3:prefix': read } };
    return [new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn], conditions })];
  }

  private unsealing(read: readonly string[], write: readonly string[]): PolicyStatement[] {
    if (this.key === undefined) return [];
    const actions = [...(read.length > 0 ? ['kms:Decrypt'] : []), ...(write.length > 0 ? ['kms:GenerateDataKey'] : [])];
    return [new PolicyStatement({ actions, resources: [this.key.keyArn] })];
  }
}
