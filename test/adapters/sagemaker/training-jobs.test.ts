import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { trainingJobs } from '../../../adapters/sagemaker/training-jobs.ts';
import { fakeSagemaker } from '../../fake-sagemaker.ts';
import { memoryStore } from '../../memory-store.ts';
import { startMoto } from '../../moto.ts';
import { pythonWith } from '../../python.ts';

const order = {
  name: 'modeldrop-dev-0123456789abcdef-01234567',
  input: 's3://b/in/',
  output: 's3://b/out',
  program: 'p.py',
};
const site = {
  image: '763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.6.0-cpu-py312',
  role: 'arn:aws:iam::123456789012:role/trainer',
  instance: 'ml.m5.large',
  maxSeconds: 3_600,
};

async function requested(more: object = {}) {
  const sagemaker = await fakeSagemaker(memoryStore());
  await trainingJobs(sagemaker.session).start(order, { ...site, ...more });
  await sagemaker.close();
  return sagemaker.asked[0];
}

/** What botocore, which has AWS's own description of its API, says against a request. */
const VALIDATE = `
import json, sys
import botocore.session, botocore.validate
shape = botocore.session.get_session().get_service_model("sagemaker").operation_model("CreateTrainingJob").input_shape
print(botocore.validate.ParamValidator().validate(json.load(sys.stdin), shape).generate_report())
`;
const botocore = pythonWith('botocore');

describe('a request to train', () => {
  it('runs our program in the container, cut off from the network, for so long at most', async () => {
    expect(await requested()).toMatchObject({
      TrainingJobName: order.name,
      RoleArn: site.role,
      EnableNetworkIsolation: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3_600 },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      AlgorithmSpecification: {
        TrainingImage: site.image,
        ContainerEntrypoint: ['python3', '-B', '/opt/ml/input/data/task/p.py'],
        ContainerArguments: ['/opt/ml/input/data/task', '/opt/ml/model', '/opt/ml/output/failure'],
      },
      InputDataConfig: [{ DataSource: { S3DataSource: { S3Uri: 's3://b/in/' } } }],
      OutputDataConfig: { S3OutputPath: 's3://b/out' },
    });
  });

  it('seals its disk and what it writes with the key of the stage, where there is one', async () => {
    expect(JSON.stringify(await requested())).not.toContain('KmsKeyId');
    expect(await requested({ kmsKey: 'arn:key' })).toMatchObject({
      OutputDataConfig: { KmsKeyId: 'arn:key' },
      ResourceConfig: { VolumeKmsKeyId: 'arn:key' },
    });
  });

  it.skipIf(!botocore)(
    "is of the shape that AWS's own description of its API has (skipped where no python3 has botocore)",
    async () => {
      const input = JSON.stringify(await requested({ kmsKey: 'arn:key' }));
      expect(String(execFileSync(botocore as string, ['-c', VALIDATE], { input })).trim()).toBe('');
    },
  );
});

const moto = await startMoto();
afterAll(() => moto?.stop());

it.skipIf(!moto)('is taken by moto, and described', async () => {
  const session = { region: 'us-east-1', accessKeyId: 'moto', secretAccessKey: 'moto', sessionToken: undefined };
  const service = trainingJobs({ ...session, endpoint: moto?.url });
  await service.start(order, site);
  // Its one figure is none of ours.
  expect(await service.progress(order.name)).toBeUndefined();
  await expect(service.progress('unknown')).rejects.toThrow('DescribeTrainingJob was answered 400');
});
