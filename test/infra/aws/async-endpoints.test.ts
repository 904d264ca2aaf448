import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { idleCost } from '../../../infra/aws/cost/idle-cost.ts';
import { usEast1 } from '../../../infra/aws/cost/prices.ts';
import { largestInput } from '../../../infra/aws/largest-input.ts';
import { resourcesOf, type Template } from '../../../infra/aws/rules/rule.ts';
import { roleStatements, type Statement } from '../../../infra/aws/rules/statements.ts';
import { parseStage, stageNamed } from '../../../infra/aws/stages.ts';
import { lavish, ofType, stages, synthesized } from './synthesized.ts';

const pipelineOf = (stage = lavish): Template => synthesized(stage).templates.Pipeline;
const words = (value: unknown): string => JSON.stringify(value);
const ofRole = (start: string, stage = lavish): Statement[] =>
  roleStatements(pipelineOf(stage)).filter(({ roles }) => roles.some((id) => id.startsWith(start)));
const ofDeploy = (action: string): Statement =>
  ofRole('DeployRole').find(({ actions }) => actions.includes(action)) as Statement;

/** A stage that has nothing else for large models. */
const { asyncGpu } = lavish;
const only = parseStage({ ...stages.dev, name: 'only', region: 'eu-central-1', asyncGpu }, 'only');

it('no stage of ours has asynchronous endpoints', () => {
  for (const stage of [stages.dev, stages.prod])
    expect(words(synthesized(stage).templates)).not.toMatch(/MODELDROP_ASYNC|InvokeEndpointAsync|iam:PassRole/);
});

describe('a stage with asynchronous endpoints', () => {
  it('needs no GPU that is always up', () => {
    expect(Object.keys(synthesized(only).templates)).not.toContain('Gpu');
    expect(words(pipelineOf(only))).not.toContain('MODELDROP_ENDPOINT');
    expect(words(pipelineOf(only))).toContain('MODELDROP_ASYNC_STAGE');
  });

  it('makes only what bears its name and its tag, cut off from the network, on its instance', () => {
    const tag = { StringEquals: { 'aws:RequestTag/modeldrop:stage': 'lavish' } };
    expect(ofDeploy('sagemaker:CreateModel').condition).toEqual({
      ...tag,
      Bool: { 'sagemaker:NetworkIsolation': 'true' },
    });
    expect(ofDeploy('sagemaker:CreateEndpointConfig').condition).toEqual({
      ...tag,
      'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': ['ml.g5.xlarge'] },
    });
    for (const action of ['sagemaker:CreateEndpoint', 'sagemaker:AddTags'])
      expect(ofDeploy(action).condition).toEqual(tag);
    for (const action of ['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint', 'AddTags'])
      for (const resource of ofDeploy(`sagemaker:${action}`).resources)
        expect(resource).toMatch(/:(model|endpoint-config|endpoint)\/modeldrop-lavish-\*$/);
  });

  it('takes away nothing of another stage, though its name may begin alike', () => {
    for (const action of ['DeleteEndpoint', 'DeleteEndpointConfig', 'DeleteModel'])
      expect(ofDeploy(`sagemaker:${action}`).condition).toEqual({
        StringEqualsIfExists: { 'aws:ResourceTag/modeldrop:stage': 'lavish' },
      });
  });

  it('scales variants of endpoints, and nothing else that AWS can scale', () => {
    expect(ofDeploy('application-autoscaling:RegisterScalableTarget').condition).toEqual({
      StringEquals: {
        'application-autoscaling:service-namespace': 'sagemaker',
        'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
      },
    });
    expect(ofDeploy('iam:CreateServiceLinkedRole').condition).toEqual({
      StringEquals: { 'iam:AWSServiceName': 'sagemaker.application-autoscaling.amazonaws.com' },
    });
  });

  it('hands on one role, to SageMaker alone', () => {
    const { resources, condition } = ofDeploy('iam:PassRole');
    expect(resources).toEqual([expect.stringMatching(/^<AsyncEndpointsRole\w+\.Arn>$/)]);
    expect(condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  });

  it('that role reads models and what they are asked, answers, pulls its image, writes its log, and may do nothing else', () => {
    const allowed = ofRole('AsyncEndpointsRole').map(({ actions, resources }) => [
      actions.toSorted().join(' '),
      resources.join(' '),
    ]);
    expect([...new Set(allowed.map(([actions]) => actions))].toSorted()).toEqual([
      'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
      'ecr:GetAuthorizationToken',
      'kms:Decrypt kms:GenerateDataKey',
      'logs:CreateLogStream logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
    const all = (action: string) =>
      allowed.flatMap(([actions, resources]) => (actions?.includes(action) ? [resources] : [])).join(' ');
    expect(
      all('s3:GetObject')
        .split(' ')
        .map((resource) => resource.replace(/^.*\/(?=\w+\/\*)/, ''))
        .toSorted(),
    ).toEqual(['inputs/*', 'triton/*']);
    expect(all('s3:PutObject')).toMatch(/\/answers\/\*$/);
    expect(all('logs:PutLogEvents')).toMatch(/:log-group:\/aws\/sagemaker\/Endpoints\/modeldrop-lavish-\*:\*$/);
    const role = resourcesOf(pipelineOf(), 'AWS::IAM::Role').find(([id]) => id.startsWith('AsyncEndpointsRole'));
    expect(words(role)).toContain('"aws:SourceAccount"');
  });

  it('keeps what is asked and answered for two days at most, private, sealed, and for nobody to bring back', () => {
    const [[id, bucket] = ['', {}]] = resourcesOf(pipelineOf(), 'AWS::S3::Bucket');
    expect(id).toMatch(/^AsyncEndpointsCalls/);
    expect(bucket).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(bucket).not.toHaveProperty('VersioningConfiguration');
    expect(words(bucket)).toContain('aws:kms');
    expect(words((bucket as { LifecycleConfiguration: unknown }).LifecycleConfiguration)).toContain(
      '"ExpirationInDays":2',
    );
    expect(pipelineOf().Resources[id]).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  it('tells jobs of answers and of reasons why there is none, and deploy of archives that go', () => {
    const rules = ofType(pipelineOf(), 'AWS::Events::Rule');
    const about = (text: string) => rules.find(({ Description }) => Description?.startsWith(text));
    const answered = about('Answers of asynchronous');
    expect(answered?.EventPattern).toMatchObject({
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'answers/' }] } },
    });
    expect(answered?.Targets).toMatchObject([
      {
        InputTransformer: {
          InputPathsMap: { 'detail-object-key': '$.detail.object.key' },
          InputTemplate: '{"answer":<detail-object-key>}',
        },
      },
    ]);
    expect(words(answered?.Targets)).toContain('JobsFunction');
    const erased = about('Archives that no version');
    expect(erased?.EventPattern).toMatchObject({
      'detail-type': ['Object Deleted'],
      detail: { object: { key: [{ prefix: 'triton/' }] } },
    });
    expect(words(erased?.Targets)).toContain('DropsQueue');
  });

  it('tells deploy all that an endpoint is made of', () => {
    const told = ofType(pipelineOf(), 'AWS::Lambda::Function')
      .map(({ Environment }) => Environment?.Variables?.MODELDROP_ASYNC_SITE)
      .filter(Boolean);
    expect(told).toHaveLength(1);
    for (const word of [
      'sagemaker-tritonserver:25.04-py3',
      'al2023-ami-sagemaker-inference-gpu-4-1',
      'ml.g5.xlarge',
      'modeldrop-lavish',
      '/triton/',
      '/answers\\',
      '/answers/failed\\',
      'DropsQueue',
      'kmsKey',
      'modeldrop:stage',
    ])
      expect(words(told)).toContain(word);
    expect(words(pipelineOf(only))).not.toContain('kms');
    const inRegion = (region: string) => synthesized(parseStage({ ...only, name: 'far', region }, 'far'));
    expect(words(inRegion('eu-south-1').templates.Pipeline)).toContain('692866216735.dkr.ecr.eu-south-1');
    expect(() => inRegion('af-south-1')).toThrow(
      "stage.asyncGpu must be in a region that has Triton's image, got af-south-1",
    );
  });

  it('tells control how much of a request jobs can hand on', () => {
    const told = (stage: typeof lavish) =>
      ofType(synthesized(stage).templates.Serving, 'AWS::Lambda::Function')
        .map(({ Environment }) => Environment?.Variables?.MODELDROP_LARGEST_INPUT)
        .filter(Boolean);
    expect([told(stages.dev), told(only)]).toEqual([[], [String(256 * 1024 ** 2)]]);
    expect([3_327, 3_328, 10_240].map(largestInput)).toEqual([1_073_392_298, 1024 ** 3, 1024 ** 3]);
  });

  it('costs nothing while there is no model for it', () => {
    const cost = (stage: typeof lavish) => idleCost(Object.values(synthesized(stage).templates), usEast1);
    const { asyncGpu: _, ...without } = lavish;
    expect(cost(lavish)).toEqual(cost(parseStage({ ...without, name: 'idle' }, 'idle')));
  });
});

describe('a stage file', () => {
  it('need say no more than the instance, which must be one that we know the price of', async () => {
    const file = `${mkdtempSync(`${tmpdir()}/modeldrop-async-`)}/mine.json`;
    const write = (asyncGpu: object) => writeFileSync(file, JSON.stringify({ name: 'mine', asyncGpu }));
    write({ instance: 'ml.g5.xlarge' });
    expect((await stageNamed(file)).asyncGpu).toEqual({ instance: 'ml.g5.xlarge', max: 1, triton: '25.04' });
    write({ instance: 'ml.p5.48xlarge' });
    await expect(stageNamed(file)).rejects.toThrow(
      'asyncGpu.instance must be "ml.g4dn.xlarge" or "ml.g5.xlarge", got "ml.p5.48xlarge"',
    );
    write({ instance: 'ml.g5.xlarge', max: 0 });
    await expect(stageNamed(file)).rejects.toThrow('asyncGpu.max must be >= 1, got 0');
  });
});
