import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { DropQueue } from '../constructs/drop-queue.ts';
import { VerbFunction } from '../constructs/verb-function.ts';
import { inboxKeys, registryKeys } from '../key-patterns.ts';
import type { Stage } from '../stages.ts';
import type { Storage } from './storage.ts';

export interface PipelineProps extends StackProps {
  readonly stage: Stage;
  readonly storage: Storage;
}

/** Long enough for a model to be proved; what takes longer is refused. */
const PROVE_IN_TIME = Duration.seconds(60);
const DEPLOY_IN_TIME = Duration.seconds(90);
/** The longest that Lambda runs. What takes longer, a person trains on a larger machine. */
const LEARN_IN_TIME = Duration.minutes(15);
/** Drops at work at once: few, for a young account runs ten functions and callers come first. */
const DROPS_AT_ONCE = 4;

/** The way of a drop: from the inbox into service, past a judge that may touch nothing. */
export class Pipeline extends Stack {
  readonly queue: DropQueue;
  readonly deploy: VerbFunction;
  readonly verify: VerbFunction;
  readonly train: VerbFunction;

  constructor(scope: Construct, id: string, { stage, storage, ...props }: PipelineProps) {
    super(scope, id, props);
    this.verify = new VerbFunction(this, 'Verify', { verb: 'verify', stage, timeout: PROVE_IN_TIME });
    this.deploy = new VerbFunction(this, 'Deploy', { verb: 'deploy', stage, timeout: DEPLOY_IN_TIME });
    this.queue = new DropQueue(this, 'Drops', { inbox: storage.inbox, takenFor: DEPLOY_IN_TIME });
    this.train = new VerbFunction(this, 'Train', {
      verb: 'train',
      stage,
      timeout: LEARN_IN_TIME,
      // What Lambda has tried three times is a person's to see.
      deadLetterQueue: this.queue.deadLetters,
    });
    this.open(storage);
    this.mayInvoke('MODELDROP_VERIFY_FUNCTION', this.verify);
    this.mayInvoke('MODELDROP_TRAIN_FUNCTION', this.train);
    this.deploy.lambda.addEventSource(
      // One drop a call: a slow one keeps no other from its turn.
      new SqsEventSource(this.queue.queue, {
        batchSize: 1,
        maxConcurrency: DROPS_AT_ONCE,
        reportBatchItemFailures: true,
      }),
    );
  }

  private open({ registry, inbox }: Storage): void {
    const { blobs, manifests, channels, drops, trainingJobs } = registryKeys;
    inbox.openTo(this.deploy, {
      read: [inboxKeys.drops, inboxKeys.refused],
      write: [inboxKeys.reports, inboxKeys.refused],
      delete: [inboxKeys.drops],
    });
    registry.openTo(this.deploy, {
      read: [blobs, manifests, channels, drops, trainingJobs],
      write: [blobs, manifests, channels, drops, trainingJobs],
      // A version whose model was erased while it was published.
      delete: [manifests],
    });
    inbox.openTo(this.train, {
      read: [inboxKeys.drops, inboxKeys.refused],
      write: [inboxKeys.drops, inboxKeys.refused],
      delete: [inboxKeys.drops],
    });
    registry.openTo(this.train, { read: [trainingJobs, drops], write: [trainingJobs, drops] });
  }

  private mayInvoke(variable: string, { lambda }: VerbFunction): void {
    this.deploy.tell(variable, lambda.functionName);
    this.deploy.may(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }));
  }
}
