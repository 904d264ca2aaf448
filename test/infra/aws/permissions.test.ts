import { describe, expect, it } from 'vitest';
import { environments, optional } from '../../../functions/http/environment.ts';
import { VERB_TAG } from '../../../infra/aws/constructs/verb-function.ts';
import { resourcesOf, type Template, tagOf } from '../../../infra/aws/rules/rule.ts';
import { roleStatements } from '../../../infra/aws/rules/statements.ts';
import { type Properties, type StageName, stages, synthesized } from './synthesized.ts';

/** What each verb may do, in full: a change here is a change of who may do what. */
const promised: Record<string, string[]> = {
  authorize: ['ListBucket Registry keys/*', 'GetObject Registry/keys/*'],
  predict: [
    'ListBucket Registry channels/*,models/*,blobs/*',
    'GetObject Registry/blobs/*',
    'GetObject Registry/channels/*',
    'GetObject Registry/models/*',
    'lambda:InvokeFunction Predict',
  ],
  catalog: [
    'ListBucket Registry channels/*,models/*,drops/*,keys/*,jobs/predictions/*,jobs/training/*.json,watch/*',
    'GetObject Registry/jobs/predictions/*',
    'GetObject Registry/channels/*',
    'GetObject Registry/drops/*',
    'GetObject Registry/jobs/training/*.json',
    'GetObject Registry/keys/*',
    'GetObject Registry/models/*',
    'GetObject Registry/watch/*',
  ],
  control: [
    'DeleteObject Registry/blobs/*',
    'DeleteObject Registry/drops/*',
    'DeleteObject Registry/jobs/training/*.json',
    'DeleteObject Registry/keys/*',
    'DeleteObject Registry/models/*',
    'GetObject Registry/blobs/*',
    'GetObject Registry/channels/*',
    'GetObject Registry/drops/*',
    'GetObject Registry/jobs/training/*.json',
    'GetObject Registry/keys/*',
    'GetObject Registry/models/*',
    'ListBucket Registry channels/*,models/*,blobs/*,drops/*,keys/*,jobs/predictions/*,jobs/training/*.json',
    'DeleteObject Registry/jobs/predictions/*',
    'GetObject Registry/jobs/predictions/*',
    'PutObject Registry/jobs/predictions/*',
    'lambda:InvokeFunction Jobs',
    'PutObject Inbox/inbox/*',
    'PutObject Registry/blobs/*',
    'PutObject Registry/channels/*',
    'PutObject Registry/jobs/training/*.json',
    'PutObject Registry/keys/*',
  ],
  jobs: [
    'DeleteObject Registry/jobs/predictions/*',
    'GetObject Registry/blobs/*',
    'GetObject Registry/channels/*',
    'GetObject Registry/jobs/predictions/*',
    'GetObject Registry/models/*',
    'ListBucket Registry channels/*,models/*,blobs/*,jobs/predictions/*',
    'PutObject Registry/jobs/predictions/*',
    'sqs:SendMessage DeadLetters',
  ],
  deploy: [
    'DeleteObject Inbox/inbox/*',
    'DeleteObject Registry/models/*',
    'GetObject Inbox/inbox/*',
    'GetObject Inbox/refused/*',
    'GetObject Registry/blobs/*',
    'GetObject Registry/channels/*',
    'GetObject Registry/drops/*',
    'GetObject Registry/jobs/training/*.json',
    'GetObject Registry/models/*',
    'ListBucket Inbox inbox/*,refused/*',
    'ListBucket Registry blobs/*,models/*,channels/*,drops/*,jobs/training/*.json',
    'PutObject Inbox/inbox/*.report.json',
    'PutObject Inbox/refused/*',
    'PutObject Registry/blobs/*',
    'PutObject Registry/channels/*',
    'PutObject Registry/drops/*',
    'PutObject Registry/jobs/training/*.json',
    'PutObject Registry/models/*',
    'lambda:InvokeFunction Train',
    'lambda:InvokeFunction Verify',
    'sqs:ChangeMessageVisibility Drops',
    'sqs:DeleteMessage Drops',
    'sqs:GetQueueAttributes Drops',
    'sqs:GetQueueUrl Drops',
    'sqs:ReceiveMessage Drops',
  ],
  train: [
    'DeleteObject Inbox/inbox/*',
    'GetObject Inbox/inbox/*',
    'GetObject Inbox/refused/*',
    'GetObject Registry/drops/*',
    'GetObject Registry/jobs/training/*.json',
    'ListBucket Inbox inbox/*,refused/*',
    'ListBucket Registry jobs/training/*.json,drops/*',
    'PutObject Inbox/inbox/*',
    'PutObject Inbox/refused/*',
    'PutObject Registry/drops/*',
    'PutObject Registry/jobs/training/*.json',
    'sqs:SendMessage DeadLetters',
  ],
  verify: [],
  watch: [
    'GetObject Registry/channels/*',
    'GetObject Registry/models/*',
    'GetObject Registry/watch/*',
    'ListBucket Registry channels/*,models/*,watch/*',
    'PutObject Registry/channels/*',
    'PutObject Registry/watch/*',
    'events:DisableRule open canaries',
    'events:EnableRule open canaries',
    'logs:FilterLogEvents log of jobs',
    'logs:FilterLogEvents log of predict',
  ],
};

/** What a stage with a GPU adds. */
const forEndpoint: Record<string, string[]> = {
  predict: ['sagemaker:InvokeEndpoint endpoint'],
  jobs: ['sagemaker:InvokeEndpoint endpoint'],
  control: ['DeleteObject Registry/triton/*', 'GetObject Registry/triton/*', 'ListBucket Registry triton/*'],
  deploy: ['GetObject Registry/triton/*', 'ListBucket Registry triton/*', 'PutObject Registry/triton/*'],
};

/** What a stage with asynchronous endpoints adds, to what one with a GPU does. */
const forAsync: Record<string, string[]> = {
  jobs: [
    'DeleteObject Calls/answers/*',
    'DeleteObject Calls/inputs/*',
    'GetObject Calls/answers/*',
    'GetObject Calls/asked/*',
    'GetObject Calls/inputs/*',
    'ListBucket Calls inputs/*,answers/*,asked/*',
    'PutObject Calls/asked/*',
    'PutObject Calls/inputs/*',
    'sagemaker:InvokeEndpointAsync endpoints',
  ],
  deploy: [
    'DeleteObject Registry/triton/*',
    'application-autoscaling:DeregisterScalableTarget scalable targets',
    'application-autoscaling:PutScalingPolicy scalable targets',
    'application-autoscaling:RegisterScalableTarget scalable targets',
    'cloudwatch:DeleteAlarms alarms by which AWS scales endpoints',
    'cloudwatch:DeleteAlarms alarms of endpoints',
    'cloudwatch:DescribeAlarms alarms by which AWS scales endpoints',
    'cloudwatch:DescribeAlarms alarms of endpoints',
    'cloudwatch:PutMetricAlarm alarms by which AWS scales endpoints',
    'cloudwatch:PutMetricAlarm alarms of endpoints',
    'iam:CreateServiceLinkedRole role of scaling',
    'iam:PassRole role of endpoints',
    'logs:CreateLogGroup logs of endpoints',
    'logs:PutRetentionPolicy logs of endpoints',
    'sagemaker:AddTags endpoint-configs',
    'sagemaker:AddTags endpoints',
    'sagemaker:AddTags models',
    'sagemaker:CreateEndpoint endpoint-configs',
    'sagemaker:CreateEndpoint endpoints',
    'sagemaker:CreateEndpointConfig endpoint-configs',
    'sagemaker:CreateModel models',
    'sagemaker:DeleteEndpoint endpoints',
    'sagemaker:DeleteEndpointConfig endpoint-configs',
    'sagemaker:DeleteModel models',
    'sagemaker:DescribeEndpoint endpoints',
    'sagemaker:DescribeEndpointConfig endpoint-configs',
    'sagemaker:DescribeEndpointConfig endpoints',
    'sagemaker:UpdateEndpointWeightsAndCapacities endpoint-configs',
    'sagemaker:UpdateEndpointWeightsAndCapacities endpoints',
    'sqs:SendMessage Drops',
  ],
};

/** What a stage that trains networks adds. */
const forTraining: Record<string, string[]> = {
  catalog: ['sagemaker:DescribeTrainingJob trainings'],
  train: [
    'GetObject Registry/jobs/network-tasks/*',
    'GetObject Registry/jobs/networks/*',
    'ListBucket Registry jobs/network-tasks/*,jobs/networks/*',
    'PutObject Registry/jobs/network-tasks/*',
    'iam:PassRole role of networks',
    'sagemaker:CreateTrainingJob trainings',
  ],
};

const templatesOf = (stage: StageName): Template[] => Object.values(synthesized(stages[stage]).templates);

const taggedIn = (template: Template, type: string, verb: string): [string, Properties][] =>
  resourcesOf(template, type).filter(([, properties]) => tagOf(properties, VERB_TAG) === verb);

/** A resource as a reader knows it, without stage, hash or kind of reference. */
const named = (resource: string): string =>
  resource
    .replace(/<[^>]*?(Registry|Inbox)Bucket\w*(?:\.Arn)?>/, '$1')

    .replace(/^arn:.*:rule\/modeldrop-[a-z]+-open-canaries$/, 'open canaries')
    .replace(/^arn:.*:training-job\/modeldrop-[a-z]+-\*$/, 'trainings')
    .replace(/^<NetworksRole\w*\.Arn>$/, 'role of networks')
    .replace(/^<AsyncEndpointsRole\w*\.Arn>$/, 'role of endpoints')
    .replace(/<AsyncEndpoints(Calls)Bucket\w*\.Arn>/, '$1')
    .replace(/^arn:.*:(endpoint|endpoint-config|model)\/modeldrop-[a-z]+-\*$/, '$1s')
    .replace(/^arn:.*:alarm:modeldrop-[a-z]+-\*$/, 'alarms of endpoints')
    .replace(/^arn:.*:alarm:TargetTracking-endpoint\/modeldrop-[a-z]+-\*$/, 'alarms by which AWS scales endpoints')
    .replace(/^arn:.*:scalable-target\/\*$/, 'scalable targets')
    .replace(/^arn:.*:log-group:\/aws\/sagemaker\/Endpoints\/modeldrop-[a-z]+-\*(:\*)?$/, 'logs of endpoints')
    .replace(/^arn:.*:role\/aws-service-role\/.*_SageMakerEndpoint$/, 'role of scaling')
    .replace(/^arn:.*:endpoint\/modeldrop-[a-z]+$/, 'endpoint')
    .replace(/^arn:.*:function:modeldrop-[a-z]+-jobs$/, 'Jobs')
    .replace(/^<JobsLog\w*.*>$/, 'log of jobs')
    .replace(/^<.*ExportsOutput.*PredictLog\w*.*>$/, 'log of predict')
    .replace(/<(Predict|Verify|Train)Function\w*\.Arn>/, '$1')
    .replace(/<Drops(DeadLetters)\w*\.Arn>/, '$1')
    .replace(/<(Drops)Queue\w*\.Arn>/, '$1');

function permissionsOf(stage: StageName, verb: string): string[] {
  const lines = templatesOf(stage).flatMap((template) => {
    const [[role] = ['']] = taggedIn(template, 'AWS::IAM::Role', verb);
    return roleStatements(template)
      .filter(({ roles }) => roles.includes(role))
      .flatMap(({ actions, resources, condition }) =>
        actions.flatMap((action) => {
          const prefixes = (condition.StringLike as Properties | undefined)?.['s3:prefix'];
          return resources.map((resource) =>
            [action.replace(/^s3:/, ''), named(resource), ...(prefixes ? [String(prefixes)] : [])].join(' '),
          );
        }),
      );
  });
  return lines.sort();
}

const isLog = (line: string): boolean => /^logs:(CreateLogStream|PutLogEvents)/.test(line);
const isSeal = (line: string): boolean => /^kms:/.test(line);

describe.each(Object.keys(promised))('%s', (verb) => {
  it.each<StageName>(['dev', 'prod', 'lavish'])('may do in %s what is promised, and nothing else', (stage) => {
    const permissions = permissionsOf(stage, verb).filter((line) => !isLog(line) && !isSeal(line));
    const { gpu, asyncGpu, training } = stages[stage];
    const more = [
      ...((gpu && forEndpoint[verb]) ?? []),
      ...((asyncGpu && forAsync[verb]) ?? []),
      ...((training && forTraining[verb]) ?? []),
    ];
    expect(permissions).toEqual([...(promised[verb] as string[]), ...more].sort());
  });

  it('writes its own log, and no other', () => {
    const logs = permissionsOf('dev', verb).filter(isLog);
    const template = templatesOf('dev').find((it) => taggedIn(it, 'AWS::Lambda::Function', verb).length > 0);
    const [[group] = ['']] = taggedIn(template as Template, 'AWS::Logs::LogGroup', verb);
    const own = named(`<${group}.Arn>`);
    expect(logs).toEqual([`logs:CreateLogStream ${own}`, `logs:PutLogEvents ${own}`]);
  });

  it('opens seals only where it reads, and seals only where it writes', () => {
    const granted = promised[verb] as string[];
    const expected = [
      ...(granted.some((line) => line.startsWith('GetObject')) ? ['kms:Decrypt'] : []),
      ...(granted.some((line) => line.startsWith('PutObject')) ? ['kms:GenerateDataKey'] : []),
    ];
    const seals = permissionsOf('lavish', verb).filter(isSeal);
    expect([...new Set(seals.map((line) => line.split(' ')[0]))].sort()).toEqual(expected);
    expect(permissionsOf('dev', verb).filter(isSeal)).toEqual([]);
  });

  it('is told exactly what its entry reads', () => {
    const [[, lambda] = ['', {} as Properties]] = templatesOf('dev').flatMap((template) =>
      taggedIn(template, 'AWS::Lambda::Function', verb),
    );
    const told = Object.keys(lambda.Environment.Variables);
    expect(told.sort()).toEqual([...environments[verb as keyof typeof environments]].sort());
    // Where there is a GPU, also the endpoint.
    const [[, fitted] = ['', {} as Properties]] = templatesOf('lavish').flatMap((template) =>
      taggedIn(template, 'AWS::Lambda::Function', verb),
    );
    const more = Object.keys(fitted.Environment.Variables).filter((name) => !told.includes(name));
    expect(more).toEqual(optional[verb as keyof typeof environments] ?? []);
  });

  it('has no policy of AWS’s making, and is assumed by Lambda alone', () => {
    const [[, role] = ['', {} as Properties]] = templatesOf('dev').flatMap((template) =>
      taggedIn(template, 'AWS::IAM::Role', verb),
    );
    expect(role.ManagedPolicyArns).toBeUndefined();
    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });
});

it('lists every function there is', () => {
  const verbs = templatesOf('dev').flatMap((template) =>
    resourcesOf(template, 'AWS::Lambda::Function').map(([, properties]) => tagOf(properties, VERB_TAG)),
  );
  expect(verbs.sort()).toEqual(Object.keys(promised).sort());
});
