import { describe, expect, it } from 'vitest';
import { idleCost, totalOf } from '../../../infra/aws/cost/idle-cost.ts';
import { usEast1 } from '../../../infra/aws/cost/prices.ts';
import { asArray, type Template } from '../../../infra/aws/rules/rule.ts';
import { roleStatements } from '../../../infra/aws/rules/statements.ts';
import { parseStage, stageNamed } from '../../../infra/aws/stages.ts';
import { lavish, ofType, stages, synthesized } from './synthesized.ts';

const gpuOf = (): Template => synthesized(lavish).templates.Gpu;
const one = (type: string) => ofType(gpuOf(), type)[0] as Record<string, unknown>;

it('no stage of ours has a GPU', () => {
  for (const stage of [stages.dev, stages.prod]) expect(synthesized(stage).templates).not.toHaveProperty('Gpu');
});

describe('a stage with a GPU', () => {
  it('serves many models by Triton behind one endpoint, cut off from the network', () => {
    const { PrimaryContainer, EnableNetworkIsolation } = one('AWS::SageMaker::Model');
    expect(EnableNetworkIsolation).toBe(true);
    expect(PrimaryContainer).toMatchObject({
      Mode: 'MultiModel',
      Environment: { SAGEMAKER_TRITON_LOG_VERBOSE: 'false' },
    });
    expect(JSON.stringify(PrimaryContainer)).toMatch(
      /763104351884\.dkr\.ecr\.eu-central-1\..+sagemaker-tritonserver:25\.04-py3/,
    );
    expect(JSON.stringify(PrimaryContainer)).toContain('/triton/');
  });

  it('takes the images of its region: not every region keeps them in the same account', () => {
    const inRegion = (region: string) => synthesized(parseStage({ ...lavish, name: 'far', region }, 'far'));
    expect(JSON.stringify(inRegion('eu-south-1').templates.Gpu)).toContain('692866216735.dkr.ecr.eu-south-1');
    expect(() => inRegion('af-south-1')).toThrow(
      "stage.gpu must be in a region that has Triton's image, got af-south-1",
    );
  });

  it('starts with the least instances, and no key of ours, which their disks would refuse', () => {
    const { ProductionVariants, KmsKeyId } = one('AWS::SageMaker::EndpointConfig');
    expect(ProductionVariants).toMatchObject([{ InstanceType: 'ml.g4dn.xlarge', InitialInstanceCount: 1 }]);
    expect(KmsKeyId).toBeUndefined();
    expect(one('AWS::SageMaker::Endpoint')).toMatchObject({
      EndpointName: 'modeldrop-lavish',
      RetainAllVariantProperties: true,
    });
  });

  it('grows with the calls an instance', () => {
    expect(one('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
      ServiceNamespace: 'sagemaker',
      ResourceId: 'endpoint/modeldrop-lavish/variant/all',
      MinCapacity: 1,
      MaxCapacity: 3,
    });
    expect(JSON.stringify(one('AWS::ApplicationAutoScaling::ScalingPolicy'))).toContain(
      'SageMakerVariantInvocationsPerInstance',
    );
    const fixed = parseStage({ ...lavish, name: 'fixed', gpu: { ...lavish.gpu, max: 1 } }, 'fixed');
    expect(ofType(synthesized(fixed).templates.Gpu, 'AWS::ApplicationAutoScaling::ScalableTarget')).toEqual([]);
  });

  it('reads models under triton/, pulls its image and writes its log, and may do nothing else', () => {
    const allowed = roleStatements(gpuOf()).map(({ actions, resources }) => [
      actions.toSorted().join(' '),
      resources.join(' '),
    ]);
    expect(allowed.map(([actions]) => actions).toSorted()).toEqual([
      'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
      'ecr:GetAuthorizationToken',
      'kms:Decrypt',
      'logs:CreateLogStream logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
    ]);
    const resourceOf = (action: string) => allowed.find(([actions]) => actions?.includes(action))?.[1];
    expect(resourceOf('s3:GetObject')).toMatch(/\/triton\/\*$/);
    expect(resourceOf('ecr:BatchGetImage')).toMatch(/763104351884:repository\/sagemaker-tritonserver$/);
    const [role] = ofType(gpuOf(), 'AWS::IAM::Role');
    expect(JSON.stringify(role)).toContain('"aws:SourceAccount"');
    expect(asArray(role?.ManagedPolicyArns)).toEqual([]);
  });

  it('costs what its instances cost, every hour', () => {
    const costOf = (stage: typeof lavish) => totalOf(idleCost(Object.values(synthesized(stage).templates), usEast1));
    const { gpu: _, ...without } = lavish;
    const difference = costOf(lavish) - costOf(parseStage({ ...without, name: 'plain' }, 'plain'));
    expect(difference).toBeCloseTo(0.736 * 730, 0);
  });

  it('need say no more than the instance in its file', async () => {
    const { writeFileSync, mkdtempSync } = await import('node:fs');
    const file = `${mkdtempSync('/tmp/modeldrop-gpu-')}/mine.json`;
    writeFileSync(file, JSON.stringify({ name: 'mine', gpu: { instance: 'ml.g5.xlarge' } }));
    expect((await stageNamed(file)).gpu).toEqual({ instance: 'ml.g5.xlarge', min: 1, max: 1, triton: '25.04' });
  });
});
