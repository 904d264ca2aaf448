import { Validations } from 'aws-cdk-lib';
import type { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import type { Platform } from '../platform.ts';

/** A finding of cdk-nag that we leave as it is. */
interface Acknowledged {
  readonly id: string;
  readonly reason: string;
  /** The constructs that it is left at, and all below them. */
  readonly at: (platform: Platform) => readonly IConstruct[];
}

const api = ({ serving }: Platform) => [serving.api];

/** Every finding that is left, and why. Wildcards below a prefix are judged by `narrow-permissions` instead. */
export const acknowledged: readonly Acknowledged[] = [
  {
    id: 'AwsSolutions-S1',
    reason:
      'Server access logs would cost more than the buckets. Versions keep what was overwritten, and an operator who needs reads on record turns on CloudTrail data events.',
    at: ({ storage, pipeline: { asyncEndpoints } }) => [
      storage.inbox,
      storage.registry,
      ...(asyncEndpoints ? [asyncEndpoints.bucket] : []),
    ],
  },
  {
    id: 'AwsSolutions-APIG1',
    reason:
      "Access logs need a role that a whole account's gateways share in a region, which is not one stack's to set. The functions log every request, by allow-listed fields.",
    at: api,
  },
  {
    id: 'AwsSolutions-APIG6',
    reason: 'Execution logs need the same shared role, and may hold bodies, which are never logged.',
    at: api,
  },
  {
    id: 'AwsSolutions-APIG2',
    reason: 'The functions check every body against the schemas of their dialect, and answer in its error shape.',
    at: api,
  },
  {
    id: 'AwsSolutions-APIG3',
    reason: 'A web ACL is $5 a month idle; keys, usage plans and throttling stand before the functions.',
    at: api,
  },
  {
    id: 'AwsSolutions-APIG4',
    reason: 'An open route: health, the landing page and the API description are for everybody.',
    at: ({ serving }) => serving.api.rest.methods.filter((method) => isOpen(method.node.defaultChild as CfnMethod)),
  },
  {
    id: 'AwsSolutions-COG4',
    reason:
      'Callers are programs with keys, checked by our authorizer against their hashes; there are no user accounts.',
    at: api,
  },
  {
    id: 'AwsSolutions-SNS2',
    reason:
      "CloudWatch can't publish to a topic under AWS's own key, and a key of ours is $1 a month; alarms say no secret.",
    at: ({ operations }) => [operations],
  },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'A token of ECR is for every repository or for none, and figures are of no resource; images are pulled from one named repository, figures go to one namespace.',
    at: ({ gpu, pipeline: { networks, asyncEndpoints } }) =>
      [gpu, networks, asyncEndpoints].filter((place) => place !== undefined),
  },
];

export function acknowledge(platform: Platform): void {
  for (const { id, reason, at } of acknowledged) {
    for (const place of at(platform)) Validations.of(place).acknowledge({ id, reason });
  }
}

const isOpen = ({ authorizationType }: CfnMethod): boolean => authorizationType === 'NONE';
