import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';

import type { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { SagemakerRole } from '../constructs/sagemaker-role.ts';
import { MACHINE_IMAGE, Triton } from '../constructs/triton.ts';
import { endpointName, VARIANT } from '../endpoint-name.ts';
import { registryKeys } from '../key-patterns.ts';
import type { Gpu as GpuChoice, Stage } from '../stages.ts';
import type { Storage } from './storage.ts';

export interface GpuProps extends StackProps {
  readonly stage: Stage;
  readonly gpu: GpuChoice;
  readonly storage: Storage;
}

/** Calls a minute that one instance takes before another one is started. */
const CALLS_PER_INSTANCE = 3_000;

/**
 * Triton on GPUs, many models behind one endpoint: a model is loaded from `triton/` when it is first asked for, so that a new
 * one needs no deployment. At least one instance is always up, and paid for.
 */
export class Gpu extends Stack {
  constructor(scope: Construct, id: string, { stage, gpu, storage, ...props }: GpuProps) {
    super(scope, id, props);
    const name = endpointName(stage.name);
    const image = new Triton(this, 'Image', { release: gpu.triton, asked: 'stage.gpu' });
    const role = this.role(storage, this.log(stage, name));
    image.pullBy(role);
    const model = new CfnModel(this, 'Triton', {
      executionRoleArn: role.roleArn,
      enableNetworkIsolation: true,
      primaryContainer: {
        image: image.path,
        mode: 'MultiModel',
        modelDataUrl: storage.registry.bucket.s3UrlForObject('triton/'),
        // On, unless it is told otherwise, and it writes every request.
        environment: { SAGEMAKER_TRITON_LOG_VERBOSE: 'false' },
      },
    });
    // No key of ours: instances with disks of their own, as all of these, encrypt them by themselves and refuse one.
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: VARIANT,
          modelName: model.attrModelName,
          instanceType: gpu.instance,
          initialInstanceCount: gpu.min,
          initialVariantWeight: 1,
          inferenceAmiVersion: MACHINE_IMAGE,
        },
      ],
    });
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointName: name,
      endpointConfigName: config.attrEndpointConfigName,
      // What was scaled up stays so when the configuration changes.
      retainAllVariantProperties: true,
    });
    if (gpu.max > gpu.min) this.scale(endpoint, name, gpu);
    new CfnOutput(this, 'EndpointName', { value: name });
  }

  private log(stage: Stage, endpoint: string): LogGroup {
    return new LogGroup(this, 'Log', {
      logGroupName: `/aws/sagemaker/Endpoints/${endpoint}`,
      retention: stage.logRetentionDays as RetentionDays,
      removalPolicy: stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** May read models, pull Triton and write its log, and nothing else. */
  private role({ registry }: Storage, log: LogGroup): Role {
    const role = new SagemakerRole(this, 'Role');
    registry.readBy(role, [registryKeys.triton]);
    log.grantWrite(role);
    return role;
  }

  private scale(endpoint: CfnEndpoint, name: string, { min, max }: GpuChoice): void {
    // Without a role of ours: AWS has one for it in every account.
    const target = new CfnScalableTarget(this, 'Instances', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${name}/variant/${VARIANT}`,
      minCapacity: min,
      maxCapacity: max,
    });
    target.addResourceDependency(endpoint);
    new CfnScalingPolicy(this, 'Calls', {
      policyName: `${name}-calls`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.attrId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: CALLS_PER_INSTANCE,
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      },
    });
  }
}
