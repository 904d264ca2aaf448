import { describe, expect, it } from 'vitest';
import { worded } from '../../../infra/aws/rules/rule.ts';
import { TAKES, WAIT_MS } from '../../../models/prediction-job.ts';
import { ofType, type Properties, stages, synthesized } from './synthesized.ts';

const pipeline = () => synthesized(stages.dev).templates.Pipeline;
const rules = () => ofType(pipeline(), 'AWS::Events::Rule');
const dropRules = () => rules().filter(({ Targets }) => worded(Targets[0].Arn).includes('Drops'));
const queues = () => ofType(pipeline(), 'AWS::SQS::Queue');
const isDeadLetters = ({ RedrivePolicy }: Properties): boolean => RedrivePolicy === undefined;

describe('from a drop to deploy', () => {
  it('every object of the inbox is told, but not what is written about one', () => {
    const [rule, ...more] = dropRules();
    expect(more).toEqual([]);
    const { detail, ...origin } = rule?.EventPattern ?? {};
    expect(origin).toEqual({ source: ['aws.s3'], 'detail-type': ['Object Created'] });
    expect(worded(detail.bucket.name[0])).toContain('InboxBucket');
    expect(detail.object.key).toEqual([{ 'anything-but': { wildcard: ['*.report.json', 'refused/*'] } }]);
  });

  it('a message is tried three times, then waits for a person two weeks', () => {
    const [work] = queues().filter((queue) => !isDeadLetters(queue));
    const [dead] = queues().filter(isDeadLetters);
    expect(work?.RedrivePolicy.maxReceiveCount).toBe(3);
    expect(dead?.MessageRetentionPeriod).toBe(14 * 24 * 3600);
    expect(work?.FifoQueue).toBeUndefined();
  });

  it('queues are sealed, deny plain HTTP, and take messages from the one rule only', () => {
    for (const queue of queues()) expect(queue.SqsManagedSseEnabled).toBe(true);
    const statements = ofType(pipeline(), 'AWS::SQS::QueuePolicy').flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).not.toEqual([]);
    for (const { Principal, Condition } of allowed) {
      expect(Principal).toEqual({ Service: 'events.amazonaws.com' });
      expect(JSON.stringify(Condition)).toContain('Landed');
    }
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denied).toHaveLength(2);
    for (const { Condition } of denied) expect(Condition).toEqual({ Bool: { 'aws:SecureTransport': 'false' } });
  });

  it('what EventBridge can not deliver is not lost', () => {
    const [rule] = dropRules();
    expect(worded(rule?.Targets[0].DeadLetterConfig.Arn)).toContain('DeadLetters');
  });

  it('deploy takes one drop a call, few at once, and says which failed', () => {
    expect(ofType(pipeline(), 'AWS::Lambda::EventSourceMapping')).toMatchObject([
      { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 4 }, FunctionResponseTypes: ['ReportBatchItemFailures'] },
    ]);
  });

  it('a message stays taken for longer than deploy may run', () => {
    const deploy = ofType(pipeline(), 'AWS::Lambda::Function').find(({ Description }) =>
      Description.endsWith('deploy'),
    );
    const [work] = queues().filter((queue) => !isDeadLetters(queue));
    expect(work?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * deploy?.Timeout);
  });
});

describe('a job', () => {
  const functionOf = (stack: 'Serving' | 'Pipeline', verb: string): Properties | undefined =>
    ofType(synthesized(stages.dev).templates[stack], 'AWS::Lambda::Function').find(({ Description }) =>
      Description.endsWith(verb),
    );
  const invoked = () =>
    ofType(pipeline(), 'AWS::Lambda::EventInvokeConfig').find(({ FunctionName }) =>
      worded(FunctionName).includes('Jobs'),
    );

  it('is started by the name that control is told, and by no queue that would be asked all day', () => {
    expect(functionOf('Pipeline', 'jobs')?.FunctionName).toBe('modeldrop-dev-jobs');
    expect(functionOf('Serving', 'control')?.Environment.Variables.MODELDROP_JOBS_FUNCTION).toBe('modeldrop-dev-jobs');
    const polling = ofType(pipeline(), 'AWS::Lambda::EventSourceMapping').map(({ FunctionName }) =>
      worded(FunctionName),
    );
    expect(polling).toEqual([expect.stringContaining('Deploy')]);
  });

  it('is tried as often as it may be taken, for as long as it may wait, and ends among the dead letters', () => {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = invoked() as Properties;
    expect(MaximumRetryAttempts).toBe(TAKES - 1);
    expect(MaximumEventAgeInSeconds * 1_000).toBe(WAIT_MS);
    expect(worded(DestinationConfig.OnFailure.Destination)).toContain('DeadLetters');
    expect(DestinationConfig.OnSuccess).toBeUndefined();
  });

  it('predicts with as much memory as a call that is waited for, and longer', () => {
    const [jobs, predict] = [functionOf('Pipeline', 'jobs'), functionOf('Serving', 'predict')];
    expect(jobs?.MemorySize).toBe(predict?.MemorySize);
    expect(jobs?.Timeout).toBeGreaterThanOrEqual(predict?.Timeout);
  });
});

describe('the watch', () => {
  const looks = () => rules().filter(({ Targets }) => worded(Targets[0].Arn).includes('Watch'));
  const inputOf = ({ Targets }: Properties): string => JSON.stringify(Targets[0].Input ?? Targets[0].InputTransformer);

  it('looks every hour, and every minute only once it has switched that on itself', () => {
    const schedules = looks().filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
    expect(schedules.map(({ ScheduleExpression, State, Name }) => [ScheduleExpression, State, Name])).toEqual([
      ['rate(1 hour)', 'ENABLED', undefined],
      ['rate(1 minute)', 'DISABLED', 'modeldrop-dev-open-canaries'],
    ]);
    const [watch] = ofType(pipeline(), 'AWS::Lambda::Function').filter(({ Description }) => /watch$/.test(Description));
    expect(watch?.Environment.Variables.MODELDROP_MINUTES_RULE).toBe('modeldrop-dev-open-canaries');
  });

  it('hears of every channel that moves, and of nothing else in the registry', () => {
    const [moved] = looks().filter(({ EventPattern }) => EventPattern !== undefined);
    expect(worded(moved?.EventPattern.detail.bucket.name[0])).toContain('RegistryBucket');
    expect(moved?.EventPattern.detail.object.key).toEqual([{ prefix: 'channels/' }]);
    expect(inputOf(moved as Properties)).toContain('$.detail.object.key');
  });
});

it('predict keeps no copy of a request that it sends to a shadow', () => {
  const configs = ofType(synthesized(stages.dev).templates.Serving, 'AWS::Lambda::EventInvokeConfig');
  expect(configs).toMatchObject([{ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }]);
});
