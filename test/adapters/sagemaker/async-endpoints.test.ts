import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendLater } from '../../../adapters/aws/queue.ts';
import { type AsyncEndpoints, type AsyncSite, asyncEndpoints } from '../../../adapters/sagemaker/async-endpoints.ts';
import { type FakeAsyncControl, fakeAsyncControl } from '../../fake-async-control.ts';
import { startMoto } from '../../moto.ts';
import { pythonWith } from '../../python.ts';

const archive = '0123456789abcdef'.repeat(4);
const name = 'modeldrop-dev-0123456789abcdef0123456789abcdef';
const site: AsyncSite = {
  stage: 'modeldrop-dev',
  image: '763104351884.dkr.ecr.us-east-1.amazonaws.com/sagemaker-tritonserver:25.04-py3',
  role: 'arn:aws:iam::123456789012:role/endpoints',
  instance: 'ml.g4dn.xlarge',
  machineImage: 'al2023-ami-sagemaker-inference-gpu-4-1',
  max: 2,
  archives: 's3://registry/triton/',
  answers: 's3://async/answers',
  failures: 's3://async/answers/failed',
  logDays: 7,
  tags: { 'modeldrop:stage': 'dev' },
};

let aws: FakeAsyncControl;
let endpoints: AsyncEndpoints;

beforeEach(async () => {
  aws = await fakeAsyncControl();
  endpoints = asyncEndpoints(aws.session, site);
});
afterEach(() => aws.close());

const actions = (): string[] => aws.asked.map(({ action }) => action);
const bodyOf = (action: string) => aws.asked.findLast((asked) => asked.action === action)?.body;
const say = (EndpointStatus: string, more = {}) => aws.endpoints.set(name, { EndpointStatus, ...more });

async function inService(): Promise<void> {
  await endpoints.ensure(archive);
  say('InService');
  expect(await endpoints.ensure(archive)).toBe('in-service');
}

describe('an endpoint', () => {
  it('is made of its archive, cut off from the network, tagged, and asked by way of the bucket', async () => {
    expect(await endpoints.ensure(archive)).toBe('changing');
    const Tags = [{ Key: 'modeldrop:stage', Value: 'dev' }];
    expect(bodyOf('CreateModel')).toMatchObject({
      ModelName: name,
      ExecutionRoleArn: site.role,
      EnableNetworkIsolation: true,
      PrimaryContainer: { Image: site.image, ModelDataUrl: `s3://registry/triton/${archive}.tar.gz` },
      Tags,
    });
    expect(bodyOf('CreateEndpointConfig')).toMatchObject({
      ProductionVariants: [{ ModelName: name, InstanceType: 'ml.g4dn.xlarge', InitialInstanceCount: 1 }],
      AsyncInferenceConfig: {
        OutputConfig: { S3OutputPath: site.answers, S3FailurePath: site.failures },
      },
      Tags,
    });
    expect(bodyOf('CreateEndpoint')).toEqual({ EndpointName: name, EndpointConfigName: name, Tags });
    expect(bodyOf('PutRetentionPolicy')).toEqual({
      logGroupName: `/aws/sagemaker/Endpoints/${name}`,
      retentionInDays: 7,
    });
    expect(name.length).toBeLessThan(64);
  });

  it('is waited for while it is made, and scaled to nothing once it is in service', async () => {
    await endpoints.ensure(archive);
    expect(await endpoints.ensure(archive)).toBe('changing');
    expect(await endpoints.isChanging(archive)).toBe(true);
    expect(actions().filter((action) => action === 'CreateEndpoint')).toHaveLength(1);
    expect(actions()).not.toContain('RegisterScalableTarget');
    say('InService');
    expect(await endpoints.isChanging(archive)).toBe(false);
    expect(await endpoints.ensure(archive)).toBe('in-service');
    expect(bodyOf('RegisterScalableTarget')).toEqual({
      ServiceNamespace: 'sagemaker',
      ResourceId: `endpoint/${name}/variant/all`,
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      MinCapacity: 0,
      MaxCapacity: 2,
    });
    expect(bodyOf('PutMetricAlarm')).toMatchObject({
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: name }],
      AlarmActions: [`arn:aws:autoscaling:policy/${name}-from-none`],
    });
  });

  it('follows what waits for it: a target for many, a step from none', async () => {
    await inService();
    const policies = aws.asked.filter(({ action }) => action === 'PutScalingPolicy').map(({ body }) => body);
    expect(policies).toMatchObject([
      {
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          CustomizedMetricSpecification: { MetricName: 'ApproximateBacklogSizePerInstance' },
        },
      },
      { PolicyType: 'StepScaling', StepScalingPolicyConfiguration: { StepAdjustments: [{ ScalingAdjustment: 1 }] } },
    ]);
  });

  it('goes on where making it broke off', async () => {
    aws.refuse('CreateEndpoint', 'InternalFailure', 'try again');
    await expect(endpoints.ensure(archive)).rejects.toThrow('CreateEndpoint was answered 400 InternalFailure');
    aws.allow('CreateEndpoint');
    expect(await endpoints.ensure(archive)).toBe('changing');
    expect(aws.endpoints.has(name)).toBe(true);
  });

  it("has failed with SageMaker's own words, of what was made and of what was not even begun", async () => {
    say('Failed', { FailureReason: 'The primary container did not pass the ping health check.' });
    expect(await endpoints.ensure(archive)).toEqual({
      failed: 'The primary container did not pass the ping health check.',
    });
    aws.endpoints.clear();
    aws.refuse('CreateEndpoint', 'ResourceLimitExceeded', "The account-level service limit 'ml.g4dn.xlarge' is 0.");
    expect(await endpoints.ensure(archive)).toEqual({
      failed: "The account-level service limit 'ml.g4dn.xlarge' is 0.",
    });
  });

  it('has failed where it can not be scaled to nothing: it would be paid for day and night', async () => {
    await endpoints.ensure(archive);
    say('InService');
    aws.refuse('RegisterScalableTarget', 'AccessDeniedException', 'not authorized');
    expect(await endpoints.ensure(archive)).toEqual({ failed: 'not authorized' });
  });

  it('goes with its scaling, its configuration and its model, however often it is told to', async () => {
    await inService();
    await endpoints.remove(archive);
    aws.refuse('DeregisterScalableTarget', 'ObjectNotFoundException', 'No scalable target registered');
    await endpoints.remove(archive);
    expect(actions()).toEqual(
      expect.arrayContaining(['DeleteAlarms', 'DeleteEndpoint', 'DeleteEndpointConfig', 'DeleteModel']),
    );
    expect(aws.endpoints.size).toBe(0);
    expect(await endpoints.ensure(archive)).toBe('changing');
  });

  it('is not taken for gone where AWS refuses something else', async () => {
    await inService();
    aws.refuse('DeleteEndpoint', 'ValidationException', 'Cannot update in-progress endpoint');
    await expect(endpoints.remove(archive)).rejects.toThrow('DeleteEndpoint');
  });
});

/** What botocore, which has AWS's own description of its APIs, says against requests, and how it would send them. */
const VALIDATE = `
import json, sys
import botocore.session, botocore.validate
session = botocore.session.get_session()
models = {model.metadata["endpointPrefix"]: model for model in map(session.get_service_model,
  ["sagemaker", "application-autoscaling", "cloudwatch", "logs", "sqs"])}
models["sagemaker"] = models["api.sagemaker"]
for asked in json.load(sys.stdin):
    model = models[asked["service"]]
    shape = model.operation_model(asked["action"]).input_shape
    report = botocore.validate.ParamValidator().validate(asked["body"], shape).generate_report()
    kind = f"application/x-amz-json-{model.metadata['jsonVersion']}"
    if report or "json" not in model.metadata["protocols"] or asked["contentType"] != kind:
        print(asked["action"], report, kind)
`;
const botocore = pythonWith('botocore');

it.skipIf(!botocore)(
  "asks as AWS's own description of its APIs has it (skipped where no python3 has botocore)",
  async () => {
    endpoints = asyncEndpoints(aws.session, { ...site, kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/k' });
    await inService();
    await endpoints.remove(archive);
    await sendLater({ session: aws.session, url: 'https://sqs.us-east-1.amazonaws.com/1/q' })({ a: 1 }, 60);
    expect(new Set(actions()).size).toBe(15);
    const input = JSON.stringify(aws.asked);
    expect(String(execFileSync(botocore as string, ['-c', VALIDATE], { input })).trim()).toBe('');
  },
);

const moto = await startMoto();
afterAll(() => moto?.stop());

it.skipIf(!moto)('is made, scaled and taken away by moto', async () => {
  const session = { region: 'us-east-1', accessKeyId: 'moto', secretAccessKey: 'moto', sessionToken: undefined };
  const service = asyncEndpoints({ ...session, endpoint: moto?.url }, site);
  expect(await service.ensure(archive)).toBe('changing');
  expect(await service.ensure(archive)).toBe('in-service');
  await service.remove(archive);
  await service.remove(archive);
  expect(await service.ensure(archive)).toBe('changing');
});
