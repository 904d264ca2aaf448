import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { TAKES } from '../../../models/prediction-job.ts';

export interface JobQueueProps extends QueueProps {
  /** How long one take of a job may last. */
  readonly takenFor: Duration;
}

/** Besides the takes: the one that gives a job up, and those that found it held. */
const SPARE = 3;
/** While Lambda throttles, a message waits this many takes before it counts as tried. */
const PATIENCE = 6;

const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };

/** The ids of jobs that wait. A job that can't be done fails in its own words; a dead letter means that we can't work. */
export class JobQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { takenFor, ...overrides }: JobQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout: Duration.seconds(takenFor.toSeconds() * PATIENCE),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TAKES + SPARE },
      ...overrides,
    });
  }
}
