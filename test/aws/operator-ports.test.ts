import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { ListBucketsCommand, ListObjectVersionsCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { put } from '../../adapters/store/put.ts';
import { sdkAccount } from '../../apps/cli/aws/account.ts';
import { firstAdminKey } from '../../apps/cli/aws/admin-key.ts';
import { sdkBuckets } from '../../apps/cli/aws/buckets.ts';
import { sdkStacks } from '../../apps/cli/aws/stacks.ts';
import { type Moto, startMoto } from '../moto.ts';

const standIn = await startMoto();
const REGION = 'us-east-1';

/** What the commands ask AWS by the operator's own credentials, as an operator's environment states them. */
describe.skipIf(standIn === undefined)('the operator’s ports', () => {
  const moto = standIn as Moto;
  beforeAll(() => {
    vi.stubEnv('AWS_ENDPOINT_URL', moto.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'moto');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'moto');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto?.stop();
  });

  it('say who asks, and that nothing is bootstrapped', async () => {
    const account = sdkAccount(REGION);
    expect(await account.caller()).toMatchObject({ account: '123456789012', arn: expect.stringMatching(/^arn:aws:/) });
    expect(await account.bootstrapVersion()).toBeUndefined();
  });

  it('read a stack’s outputs, template and resources', async () => {
    const stacks = sdkStacks(REGION);
    expect(await stacks.stack('Modeldrop-dev-Storage')).toBeUndefined();
    const template = {
      Resources: { Inbox: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'an-inbox' } } },
      Outputs: { InboxBucket: { Value: { Ref: 'Inbox' } } },
    };
    const client = new CloudFormationClient({ region: REGION });
    await client.send(
      new CreateStackCommand({ StackName: 'Modeldrop-dev-Storage', TemplateBody: JSON.stringify(template) }),
    );
    expect(await stacks.stack('Modeldrop-dev-Storage')).toEqual({
      status: 'CREATE_COMPLETE',
      outputs: { InboxBucket: 'an-inbox' },
    });
    expect(await stacks.template('Modeldrop-dev-Storage')).toEqual(template);
    expect(await stacks.resources('Modeldrop-dev-Storage')).toEqual([{ type: 'AWS::S3::Bucket', id: 'an-inbox' }]);
  });

  it('make the first admin key, and only the first', async () => {
    const registry = sdkBuckets(REGION, moto.url).store(await moto.bucket());
    expect((await firstAdminKey(registry, 'ada'))?.key).toMatch(/^md/);
    expect(await firstAdminKey(registry, 'ada')).toBeUndefined();
  });

  it('empty a versioned bucket of every version and delete marker, over several pages, and delete it', async () => {
    const [s3, bucket] = [moto.s3(), await moto.bucket()];
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const buckets = sdkBuckets(REGION, moto.url);
    const store = buckets.store(bucket);
    const bytes = new Uint8Array([1]);
    for (let from = 0; from < 1_010; from += 101) {
      await Promise.all(Array.from({ length: 101 }, (_, i) => store.create(`objects/${from + i}`, bytes)));
    }
    await put(store, 'objects/0', new Uint8Array([2]));
    await store.delete('objects/1', (await store.read('objects/1'))?.etag as string);

    const counts: number[] = [];
    await buckets.empty(bucket, (count) => counts.push(count));
    expect(counts).toEqual([1_000, 1_012]);
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
    await buckets.delete(bucket);
    await buckets.delete(bucket);
    await buckets.empty(bucket, () => {});
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).not.toContain(bucket);
  });
});
