import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Inbox } from '../constructs/inbox.ts';
import { Registry } from '../constructs/registry.ts';
import type { Stage } from '../stages.ts';

export interface StorageProps extends StackProps {
  readonly stage: Stage;
}

/** Everything that lasts: the two buckets. */
export class Storage extends Stack {
  readonly inbox: Inbox;
  readonly registry: Registry;

  constructor(scope: Construct, id: string, { stage, ...props }: StorageProps) {
    super(scope, id, { terminationProtection: stage.retainData, ...props });
    const sealed = stage.encryption === 'kms' ? { encryptionKey: this.key(stage) } : {};
    this.inbox = new Inbox(this, 'Inbox', { stage, ...sealed });
    this.registry = new Registry(this, 'Registry', { stage, ...sealed });
    new CfnOutput(this, 'InboxBucket', { value: this.inbox.bucket.bucketName });
    new CfnOutput(this, 'RegistryBucket', { value: this.registry.bucket.bucketName });
  }

  private key({ name, retainData }: Stage): Key {
    return new Key(this, 'Key', {
      description: `Modeldrop ${name}: models, keys and drops`,
      enableKeyRotation: true,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
