import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { VERB_TAG } from '../../../infra/aws/constructs/verb-function.ts';
import { acknowledged } from '../../../infra/aws/rules/acknowledged.ts';
import { answeredByUs } from '../../../infra/aws/rules/answered-by-us.ts';
import { anyPartition } from '../../../infra/aws/rules/any-partition.ts';
import { awsSolutions } from '../../../infra/aws/rules/aws-solutions.ts';
import { houseRules } from '../../../infra/aws/rules/house.ts';
import { lambdaShape } from '../../../infra/aws/rules/lambda-shape.ts';
import { logRetention } from '../../../infra/aws/rules/log-retention.ts';
import { missingIsMissing } from '../../../infra/aws/rules/missing-is-missing.ts';
import { narrowPermissions } from '../../../infra/aws/rules/narrow-permissions.ts';
import { powerlessVerify } from '../../../infra/aws/rules/powerless-verify.ts';
import type { Resource, Rule } from '../../../infra/aws/rules/rule.ts';

type Resources = Record<string, Resource>;

const policy = (...statements: object[]): Resource => ({
  Type: 'AWS::IAM::Policy',
  Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: statements } },
});
const allow = (Action: unknown, Resource: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const bucket = { 'Fn::ImportValue': 'Registry' };
const below = (keys: string) => ({ 'Fn::Join': ['', [bucket, `/${keys}`]] });
const prefix = (...keys: string[]) => ({ StringLike: { 's3:prefix': keys } });

const lambda = (changes: object = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    LoggingConfig: { LogFormat: 'Text', LogGroup: { Ref: 'Log' } },
    ...changes,
  },
});

const ofVerify = (type: string, more: object = {}): Resource => ({
  Type: type,
  Properties: { Tags: [{ Key: VERB_TAG, Value: 'verify' }], ...more },
});
const verify = (...statements: object[]): Resources => ({
  Role: ofVerify('AWS::IAM::Role'),
  Log: ofVerify('AWS::Logs::LogGroup'),
  Function: ofVerify('AWS::Lambda::Function'),
  Policy: policy(...statements),
});
const ownLog = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': ['Log', 'Arn'] });

const method = (changes: object = {}): Resource => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    HttpMethod: 'GET',
    AuthorizationType: 'CUSTOM',
    ApiKeyRequired: true,
    Integration: { Type: 'AWS_PROXY' },
    ...changes,
  },
});

const cases: [Rule, Resources, [Resources, RegExp][]][] = [
  [
    narrowPermissions,
    {
      P: policy(
        allow(['s3:GetObject'], below('keys/*')),
        allow('sqs:ReceiveMessage', { 'Fn::GetAtt': ['Q', 'Arn'] }),
        allow('cloudwatch:DeleteAlarms', 'arn:x:alarm:TargetTracking-endpoint/modeldrop-dev-*'),
        allow('logs:PutLogEvents', 'arn:x:log-group:/aws/sagemaker/Endpoints/modeldrop-dev-*:*'),
        allow('application-autoscaling:PutScalingPolicy', 'arn:x:application-autoscaling:r:a:scalable-target/*', {
          StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' },
        }),
      ),
    },
    [
      [{ P: policy(allow('s3:GetObject', '*')) }, /^\*$/],
      [{ P: policy(allow('sagemaker:CreateTrainingJob', 'arn:x:training-job/*')) }, /training-job\/\*/],
      [{ P: policy(allow('sagemaker:CreateTrainingJob', 'arn:x:training-job/modeldrop-*')) }, /modeldrop-\*/],
      [{ P: policy(allow('logs:PutLogEvents', 'arn:x:log-group:*')) }, /log-group:\*/],
      [{ P: policy(allow('logs:PutLogEvents', 'arn:x:log-group:/aws/sagemaker/Endpoints/*:*')) }, /Endpoints\/\*/],
      [{ P: policy(allow('cloudwatch:DeleteAlarms', 'arn:x:alarm:*')) }, /alarm:\*/],
      [
        {
          P: policy(
            allow('application-autoscaling:PutScalingPolicy', 'arn:x:application-autoscaling:r:a:scalable-target/*'),
          ),
        },
        /scalable-target\/\*/,
      ],
      [{ P: policy(allow('s3:GetObject', below('*'))) }, /Registry>\/\*/],
      [{ P: policy(allow('s3:GetObject', below('keys*'))) }, /keys\*/],
      [{ P: policy(allow('s3:Get*', below('keys/*'))) }, /s3:Get\*/],
      [
        {
          R: {
            Type: 'AWS::IAM::Role',
            Properties: { Policies: [{ PolicyDocument: { Statement: allow('logs:PutLogEvents', '*') } }] },
          },
        },
        /^\*$/,
      ],
    ],
  ],
  [
    powerlessVerify,
    verify(ownLog),
    [
      [verify(ownLog, allow('s3:GetObject', below('blobs/*'))), /s3:GetObject/],
      [verify(allow('logs:PutLogEvents', { 'Fn::GetAtt': ['Other', 'Arn'] })), /Other/],
      [verify(allow('logs:DeleteLogGroup', { 'Fn::GetAtt': ['Log', 'Arn'] })), /DeleteLogGroup/],
      [{ ...verify(ownLog), Role: ofVerify('AWS::IAM::Role', { ManagedPolicyArns: ['Basic'] }) }, /Basic/],
      [{ ...verify(ownLog), Function: ofVerify('AWS::Lambda::Function', { VpcConfig: {} }) }, /network/],
    ],
  ],
  [
    missingIsMissing,
    { P: policy(allow('s3:GetObject', below('keys/*')), allow('s3:ListBucket', bucket, prefix('keys/*'))) },
    [
      [{ P: policy(allow('s3:GetObject', below('keys/*'))) }, /keys\/\* without s3:ListBucket/],
      [
        { P: policy(allow('s3:GetObject', below('keys/*')), allow('s3:ListBucket', bucket, prefix('drops/*'))) },
        /keys\/\* without s3:ListBucket/,
      ],
      [{ P: policy(allow('s3:ListBucket', bucket)) }, /without a condition/],
    ],
  ],
  [
    lambdaShape,
    { F: lambda() },
    [
      [{ F: lambda({ Runtime: 'nodejs22.x' }) }, /runtime nodejs22\.x/],
      [{ F: lambda({ Architectures: undefined }) }, /arm64/],
      [{ F: lambda({ LoggingConfig: undefined }) }, /no log group/],
      [{ F: lambda({ LoggingConfig: { LogFormat: 'JSON', LogGroup: 'g' } }) }, /log format JSON/],
      [{ F: lambda({ ReservedConcurrentExecutions: 5 }) }, /reserved concurrency/],
    ],
  ],
  [
    logRetention,
    { L: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } } },
    [[{ L: { Type: 'AWS::Logs::LogGroup' } }, /RetentionInDays/]],
  ],
  [
    answeredByUs,
    { M: method(), Open: method({ AuthorizationType: 'NONE', ApiKeyRequired: false }) },
    [
      [{ M: method({ Integration: { Type: 'MOCK' } }) }, /MOCK/],
      [{ M: method({ Integration: undefined }) }, /MOCK/],
      [{ M: method({ HttpMethod: 'ANY', AuthorizationType: 'NONE', ApiKeyRequired: false }) }, /ANY without/],
      [{ M: method({ AuthorizationType: 'NONE' }) }, /meter without/],
    ],
  ],
  [
    anyPartition,
    {
      R: {
        Type: 'T',
        Properties: {
          a: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::x']] },
          b: 'lambda.amazonaws.com',
        },
      },
    },
    [
      [{ R: { Type: 'T', Properties: { a: 'arn:aws:s3:::x' } } }, /arn:aws:/],
      [{ R: { Type: 'T', Properties: { a: 'arn:aws-cn:s3:::x' } } }, /arn:aws-cn:/],
      [{ R: { Type: 'T', Properties: { a: ['eu-central-1'] } } }, /eu-central-1/],
    ],
  ],
];

describe.each(cases.map(([rule, good, bad]) => [rule.name, rule, good, bad] as const))('%s', (_, rule, good, bad) => {
  it('passes what keeps it', () => {
    expect(rule.check({ Resources: good })).toEqual([]);
  });

  it.each(bad.map(([resources, found]) => [found, resources] as const))('finds %s', (found, resources) => {
    const findings = rule.check({ Resources: resources });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.found).toMatch(found);
  });
});

describe('synthesis', () => {
  const context = { 'aws:cdk:bundling-stacks': [] };

  it('fails on a finding of cdk-nag that nobody has acknowledged', () => {
    const app = new App({ context, autoSynth: false });
    new Bucket(new Stack(app, 'Stack'), 'Bucket');
    Validations.of(app).addPlugins(awsSolutions(app));
    expect(() => app.synth()).toThrow(/AwsSolutions-S1/);
  });

  it('fails on a finding of our own rules', () => {
    const app = new App({ context, autoSynth: false });
    const stack = new Stack(app, 'Stack');
    new Bucket(stack, 'Bucket', { bucketName: 'a-bucket-in-eu-central-1' });
    Validations.of(app).addPlugins(houseRules());
    expect(() => app.synth()).toThrow(/any-partition|spelt out/);
  });

  it('fails on a function that is not told what it reads', async () => {
    const { VerbFunction } = await import('../../../infra/aws/constructs/verb-function.ts');
    const { dev } = await import('../../../infra/aws/stages/dev.ts');
    const app = new App({ context, autoSynth: false });
    const fn = new VerbFunction(new Stack(app, 'Stack'), 'Predict', { verb: 'predict', stage: dev });
    fn.tell('MODELDROP_INBOX_BUCKET', 'inbox');
    expect(() => app.synth()).toThrow(
      /predict reads MODELDROP_REGISTRY_BUCKET, which nobody sets[\s\S]*predict is told MODELDROP_INBOX_BUCKET/,
    );
  });

  it('keeps a reason for every finding that is left', () => {
    for (const { reason } of acknowledged) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
    expect(new Set(acknowledged.map(({ id }) => id)).size).toBe(acknowledged.length);
  });
});
