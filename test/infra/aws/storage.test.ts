import { describe, expect, it } from 'vitest';
import { worded } from '../../../infra/aws/rules/rule.ts';
import { ofType, type Properties, type StageName, stages, synthesized } from './synthesized.ts';

const storageOf = (stage: StageName) => synthesized(stages[stage]).templates.Storage;

const statementsOf = (stage: StageName): Properties[] =>
  ofType(storageOf(stage), 'AWS::S3::BucketPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

const denials = (stage: StageName, condition: object): Properties[] =>
  statementsOf(stage).filter(
    ({ Effect, Condition, Principal }) =>
      Effect === 'Deny' && Principal.AWS === '*' && JSON.stringify(Condition) === JSON.stringify(condition),
  );

describe.each<StageName>(['dev', 'prod', 'lavish'])('storage of %s', (stage) => {
  const buckets = () => ofType(storageOf(stage), 'AWS::S3::Bucket');

  it('has two buckets: versioned, closed to the public, their owner’s alone', () => {
    expect(buckets()).toHaveLength(2);
    for (const bucket of buckets()) {
      expect(bucket.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(bucket.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(bucket.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
    }
  });

  it('denies everything without TLS, and with an old one', () => {
    for (const condition of [
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.2 } },
    ]) {
      const denied = denials(stage, condition);
      expect(denied.map(({ Action }) => Action)).toEqual(['s3:*', 's3:*']);
      for (const { Resource } of denied) expect(Resource).toHaveLength(2);
    }
  });

  it('takes only writes into the registry that undo no other one unseen, parts of uploads aside', () => {
    const whole = { 's3:ObjectCreationOperation': 'true' };
    const [created] = denials(stage, { Null: { 's3:if-none-match': 'true' }, Bool: whole });
    const [replaced] = denials(stage, { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' }, Bool: whole });
    const keysOf = (statement?: Properties) =>
      statement?.Resource.map((resource: unknown) => worded(resource).replace(/^.*Arn>\//, ''));
    expect(created?.Action).toBe('s3:PutObject');
    expect(replaced?.Action).toBe('s3:PutObject');
    expect(keysOf(created)).toEqual(['blobs/*', 'models/*', 'triton/*']);
    expect(keysOf(replaced)).toEqual(['channels/*', 'drops/*', 'jobs/predictions/*', 'keys/*', 'watch/*']);
    for (const resource of [...(created?.Resource ?? []), ...(replaced?.Resource ?? [])]) {
      expect(worded(resource)).toMatch(/^<Registry\w+\.Arn>/);
    }
  });

  it('allows nobody anything by a bucket’s own policy', () => {
    expect(statementsOf(stage).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
  });

  it('forgets refused drops, jobs, old versions and broken-off uploads', () => {
    const rules = buckets().map(({ LifecycleConfiguration }) => LifecycleConfiguration.Rules);
    for (const all of rules) {
      expect(all).toContainEqual({
        Id: 'housekeeping',
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        ExpiredObjectDeleteMarker: true,
      });
    }
    expect(rules.flat()).toContainEqual({
      Id: 'refused',
      Status: 'Enabled',
      Prefix: 'refused/',
      ExpirationInDays: 30,
    });
    expect(rules[1]).toContainEqual({
      Id: 'jobs go',
      Status: 'Enabled',
      Prefix: 'jobs/predictions/',
      ExpirationInDays: 30,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
  });

  it('tells EventBridge of drops and releases without a custom resource', () => {
    const [inbox, registry] = buckets();
    expect(inbox?.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
    expect(registry?.NotificationConfiguration).toEqual(inbox?.NotificationConfiguration);
    const types = new Set(Object.values(storageOf(stage).Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => type.startsWith('Custom::') || type === 'AWS::Lambda::Function')).toEqual([]);
  });

  it('lets browsers PUT into the inbox, and nothing else', () => {
    const [inbox, registry] = buckets();
    expect(inbox?.CorsConfiguration.CorsRules).toEqual([
      { AllowedMethods: ['PUT'], AllowedOrigins: ['*'], AllowedHeaders: ['*'], ExposedHeaders: ['ETag'] },
    ]);
    expect(registry?.CorsConfiguration).toBeUndefined();
  });
});

describe('what a stage chooses', () => {
  const encryptionOf = (stage: StageName) =>
    ofType(storageOf(stage), 'AWS::S3::Bucket').map(
      ({ BucketEncryption }) => BucketEncryption.ServerSideEncryptionConfiguration[0],
    );
  const policiesOf = (stage: StageName) =>
    Object.values(storageOf(stage).Resources as Properties)
      .filter(({ Type }) => ['AWS::S3::Bucket', 'AWS::KMS::Key'].includes(Type))
      .map(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy]);

  it('s3: keys of S3, which cost nothing', () => {
    expect(ofType(storageOf('dev'), 'AWS::KMS::Key')).toEqual([]);
    for (const rule of encryptionOf('dev')) {
      expect(rule.ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    }
  });

  it('kms: one rotating key of its own, asked once a bucket', () => {
    expect(ofType(storageOf('lavish'), 'AWS::KMS::Key')).toMatchObject([{ EnableKeyRotation: true }]);
    for (const rule of encryptionOf('lavish')) {
      expect(rule).toMatchObject({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
      });
    }
  });

  it('whether data outlives the stack', () => {
    expect(new Set(policiesOf('dev').flat())).toEqual(new Set(['Delete']));
    expect(new Set(policiesOf('prod').flat())).toEqual(new Set(['Retain']));
    expect(new Set(policiesOf('lavish').flat())).toEqual(new Set(['Retain']));
  });
});
