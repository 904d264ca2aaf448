import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { TAKES, WAIT_MS } from '../../../models/prediction-job.ts';
import { AsyncEndpoints } from '../constructs/async-endpoints.ts';
import { DropQueue } from '../constructs/drop-queue.ts';
import { Looks } from '../constructs/looks.ts';
import { NetworkTraining } from '../constructs/network-training.ts';
import { VerbFunction } from '../constructs/verb-function.ts';
import { endpointName } from '../endpoint-name.ts';
import { jobsFunctionName } from '../jobs-function-name.ts';
import { inboxKeys, registryKeys } from '../key-patterns.ts';
import type { Stage } from '../stages.ts';
import type { Serving } from './serving.ts';
import type { Storage } from './storage.ts';

export interface PipelineProps extends StackProps {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly serving: Serving;
}

/** Long enough for a model to be proved; what takes longer is refused. */
const PROVE_IN_TIME = Duration.seconds(60);
const DEPLOY_IN_TIME = Duration.seconds(90);
/** The longest that Lambda runs. What takes longer, a person trains on a larger machine. */
const LEARN_IN_TIME = Duration.minutes(15);
/** A look reads on in a log, which may be long after a pause. */
const WATCH_IN_TIME = Duration.minutes(5);
/** As long as a caller would have waited, and some more to keep the answer. */
const PREDICT_IN_TIME = Duration.seconds(35);
/** Drops at work at once: few, for a young account runs ten functions and callers come first. */
const DROPS_AT_ONCE = 4;

/** What nobody waits for: the way of a drop from the inbox into service, past a judge that may touch nothing; and jobs. */
export class Pipeline extends Stack {
  readonly queue: DropQueue;
  readonly deploy: VerbFunction;
  readonly verify: VerbFunction;
  readonly train: VerbFunction;
  readonly watch: VerbFunction;
  readonly jobs: VerbFunction;
  /** Where the stage asks for it. */
  readonly networks: NetworkTraining | undefined;
  /** Where the stage asks for them. */
  readonly asyncEndpoints: AsyncEndpoints | undefined;

  constructor(scope: Construct, id: string, { stage, storage, serving, ...props }: PipelineProps) {
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
    this.watch = new VerbFunction(this, 'Watch', { verb: 'watch', stage, timeout: WATCH_IN_TIME, retryAttempts: 0 });
    this.jobs = new VerbFunction(this, 'Jobs', {
      verb: 'jobs',
      stage,
      functionName: jobsFunctionName(stage.name),
      timeout: PREDICT_IN_TIME,
      // Lambda's own queue: it tries again by itself, and costs nothing while nobody asks.
      retryAttempts: TAKES - 1,
      maxEventAge: Duration.millis(WAIT_MS),
      onFailure: deadLettersOf(this.queue),
    });
    new Looks(this, 'Looks', { stage, watch: this.watch, registry: storage.registry });
    this.open(storage);
    if (stage.gpu) this.reachEndpoint(storage, endpointName(stage.name));
    const { registry } = storage;
    if (stage.training)
      this.networks = new NetworkTraining(this, 'Networks', {
        stage,
        training: stage.training,
        registry,
        train: this.train,
      });
    if (stage.asyncGpu)
      this.asyncEndpoints = new AsyncEndpoints(this, 'AsyncEndpoints', {
        stage,
        asyncGpu: stage.asyncGpu,
        registry,
        deploy: this.deploy,
        jobs: this.jobs,
        drops: this.queue,
      });
    this.mayReadLog('MODELDROP_PREDICT_LOG', serving.predict);
    this.mayReadLog('MODELDROP_JOBS_LOG', this.jobs);
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
    const { blobs, manifests, channels, drops, jobs, trainingJobs, watch } = registryKeys;
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
    registry.openTo(this.jobs, { read: [channels, manifests, blobs, jobs], write: [jobs], delete: [jobs] });
    registry.openTo(this.watch, { read: [channels, manifests, watch], write: [channels, watch] });
  }

  /** Models that are placed on the endpoint become archives for it, and are asked there. */
  private reachEndpoint({ registry }: Storage, endpoint: string): void {
    const resource = this.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: endpoint });
    this.jobs.tell('MODELDROP_ENDPOINT', endpoint);
    this.jobs.may(new PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: [resource] }));
    this.deploy.tell('MODELDROP_ENDPOINT', endpoint);
    registry.openTo(this.deploy, { read: [registryKeys.triton], write: [registryKeys.triton] });
  }

  /** What predictions counted is in the log of the function that made them, and nowhere else. */
  private mayReadLog(variable: string, { log }: VerbFunction): void {
    this.watch.tell(variable, log.logGroupName);
    this.watch.may(new PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [log.logGroupArn] }));
  }

  private mayInvoke(variable: string, { lambda }: VerbFunction): void {
    this.deploy.tell(variable, lambda.functionName);
    this.deploy.may(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }));
  }
}

/** What Lambda gives up on is kept there. The construct's own destination would let the function look into the queue, too. */
const deadLettersOf = ({ deadLetters }: DropQueue): IDestination => ({
  bind(_scope, fn) {
    deadLetters.grant(fn, 'sqs:SendMessage');
    return { destination: deadLetters.queueArn };
  },
});
