import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { inboxKeys } from '../key-patterns.ts';
import type { Inbox } from './inbox.ts';

export interface DropQueueProps extends QueueProps {
  readonly inbox: Inbox;
  /** How long one take of a message may last. */
  readonly takenFor: Duration;
}

/** After so many tries a drop waits for a person. */
const TRIES = 3;
/** While Lambda throttles, a message waits this many takes before it counts as tried. */
const PATIENCE = 6;

const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };

/** What lands in the inbox, one message an object, each tried three times; what can't be done ends among the dead letters. */
export class DropQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { inbox, takenFor, ...overrides }: DropQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.seconds(takenFor.toSeconds() * PATIENCE),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TRIES },
      ...overrides,
    });
    new Rule(this, 'Landed', {
      description: 'Every drop, but not what is written about it',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [inbox.bucket.bucketName] },
          // One key takes one condition: all that is not a drop is named instead of what is.
          object: {
            key: [
              {
                'anything-but': {
                  wildcard: [`*${inboxKeys.reports.slice(inboxKeys.reports.indexOf('.'))}`, inboxKeys.refused],
                },
              },
            ],
          },
        },
      },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
    });
  }
}
