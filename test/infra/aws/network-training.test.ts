import { describe, expect, it } from 'vitest';
import { idleCost } from '../../../infra/aws/cost/idle-cost.ts';
import { usEast1 } from '../../../infra/aws/cost/prices.ts';
import { resourcesOf, type Template } from '../../../infra/aws/rules/rule.ts';
import { roleStatements, type Statement } from '../../../infra/aws/rules/statements.ts';
import { parseStage, stageNamed } from '../../../infra/aws/stages.ts';
import { lavish, ofType, stages, synthesized } from './synthesized.ts';

const pipelineOf = (stage = lavish): Template => synthesized(stage).templates.Pipeline;
const [roleId] = resourcesOf(pipelineOf(), 'AWS::IAM::Role').find(([id]) => id.startsWith('NetworksRole')) ?? [''];
const ofRole: Statement[] = roleStatements(pipelineOf()).filter(({ roles }) => roles.includes(roleId));
const isTrain = ({ roles }: Statement): boolean => roles.some((id) => id.startsWith('TrainRole'));
const ofTrain = (action: string): Statement =>
  roleStatements(pipelineOf()).find((it) => isTrain(it) && it.actions.includes(action)) as Statement;
const words = (value: unknown): string => JSON.stringify(value);

it('no stage of ours trains networks', () => {
  for (const stage of [stages.dev, stages.prod])
    expect(words(synthesized(stage).templates)).not.toMatch(/TrainingJob|MODELDROP_TRAINING|iam:PassRole/);
});

describe('a stage that trains networks', () => {
  it('may start trainings of its own name, on its instance, for its time, cut off from the network', () => {
    const { resources, condition } = ofTrain('sagemaker:CreateTrainingJob');
    expect(resources).toEqual([expect.stringMatching(/:training-job\/modeldrop-lavish-\*$/)]);
    expect(condition).toEqual({
      Bool: { 'sagemaker:NetworkIsolation': 'true' },
      'ForAllValues:StringEquals': { 'sagemaker:InstanceTypes': ['ml.m5.large'] },
      NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '3600' },
    });
  });

  it('hands on one role, to SageMaker alone', () => {
    const { resources, condition } = ofTrain('iam:PassRole');
    expect(resources).toEqual([`<${roleId}.Arn>`]);
    expect(condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    const passed = roleStatements(pipelineOf()).filter((it) => isTrain(it) && it.actions.includes('iam:PassRole'));
    expect(passed).toHaveLength(1);
  });

  it('that role reads what is to be learned, writes what was, pulls its image, writes log and figures, and may do nothing else', () => {
    const allowed = ofRole.map(({ actions, resources }) => [actions.toSorted().join(' '), resources.join(' ')]);
    expect(allowed.map(([actions]) => actions).toSorted()).toEqual([
      'cloudwatch:PutMetricData',
      'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
      'ecr:GetAuthorizationToken',
      'kms:CreateGrant',
      'kms:Decrypt kms:GenerateDataKey',
      'logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
    const resourceOf = (action: string) => allowed.find(([actions]) => actions?.includes(action))?.[1];
    expect(resourceOf('s3:GetObject')).toMatch(/\/jobs\/network-tasks\/\*$/);
    expect(resourceOf('s3:PutObject')).toMatch(/\/jobs\/networks\/\*$/);
    expect(resourceOf('ecr:BatchGetImage')).toMatch(/763104351884:repository\/pytorch-training$/);
    expect(resourceOf('logs:PutLogEvents')).toMatch(/:log-group:\/aws\/sagemaker\/TrainingJobs:\*$/);
    const conditionOf = (action: string) => ofRole.find(({ actions }) => actions.includes(action))?.condition;
    expect(words(conditionOf('kms:CreateGrant'))).toContain('"kms:GrantIsForAWSResource":"true"');
    expect(words(conditionOf('cloudwatch:PutMetricData'))).toContain('/aws/sagemaker/TrainingJobs');
    const role = resourcesOf(pipelineOf(), 'AWS::IAM::Role').find(([id]) => id === roleId);
    expect(words(role)).toContain('"aws:SourceAccount"');
  });

  it('hears when one of its trainings ends, with all that SageMaker says of it', () => {
    const rule = ofType(pipelineOf(), 'AWS::Events::Rule').find(({ EventPattern }) =>
      words(EventPattern ?? {}).includes('Training Job'),
    );
    expect(rule).toMatchObject({
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Training Job State Change'],
        detail: {
          TrainingJobName: [{ prefix: 'modeldrop-lavish-' }],
          TrainingJobStatus: ['Completed', 'Failed', 'Stopped'],
        },
      },
      Targets: [{ InputPath: '$.detail' }],
    });
    expect(words(rule?.Targets)).toContain('TrainFunction');
  });

  it('tells its function the image of its region, the instance, the time and the key', () => {
    const told = ofType(pipelineOf(), 'AWS::Lambda::Function')
      .map(({ Environment }) => Environment?.Variables?.MODELDROP_TRAINING)
      .filter(Boolean);
    expect(told).toHaveLength(1);
    const text = words(told);
    for (const word of [
      'pytorch-training:2.5.1-cpu-py311',
      '763104351884',
      'ml.m5.large',
      '3600',
      'kmsKey',
      'modeldrop-lavish-',
    ])
      expect(text).toContain(word);
    const { training } = lavish;
    const inRegion = (region: string) =>
      synthesized(parseStage({ ...stages.dev, name: 'far', region, training }, 'far'));
    expect(words(inRegion('eu-south-1').templates.Pipeline)).toContain('692866216735');
    expect(words(inRegion('eu-south-1').templates.Pipeline)).not.toContain('kms');
    expect(() => inRegion('af-south-1')).toThrow("must be in a region that has PyTorch's image, got af-south-1");
  });

  it('costs nothing while nobody trains', () => {
    const cost = (stage: typeof lavish) => idleCost(Object.values(synthesized(stage).templates), usEast1);
    const { training: _, ...without } = lavish;
    expect(cost(lavish)).toEqual(cost(parseStage({ ...without, name: 'idle' }, 'idle')));
  });
});

describe('a stage file', () => {
  it('need say no more than the instance, which must be one that we know the price of', async () => {
    const { writeFileSync, mkdtempSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const file = `${mkdtempSync(`${tmpdir()}/modeldrop-training-`)}/mine.json`;
    const write = (training: object) => writeFileSync(file, JSON.stringify({ name: 'mine', training }));
    write({ instance: 'ml.c5.xlarge' });
    expect((await stageNamed(file)).training).toEqual({
      instance: 'ml.c5.xlarge',
      maxSeconds: 3_600,
      pytorch: '2.5.1-cpu-py311-ubuntu22.04-sagemaker',
    });
    write({ instance: 'ml.p5.48xlarge' });
    await expect(stageNamed(file)).rejects.toThrow(
      'training.instance must be one of "ml.m5.large", "ml.m5.xlarge", "ml.c5.xlarge", "ml.c5.2xlarge", got "ml.p5.48xlarge"',
    );
    write({ instance: 'ml.m5.large', maxSeconds: 1 });
    await expect(stageNamed(file)).rejects.toThrow('training.maxSeconds');
  });
});
