import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Terminal } from '../terminal.ts';
import { type Account, sdkAccount } from './account.ts';
import { type Buckets, sdkBuckets } from './buckets.ts';
import { type Cdk, childCdk } from './cdk.ts';
import { type Endpoints, sagemakerEndpoints } from './endpoints.ts';
import { regionFor } from './region.ts';
import { type Stacks, sdkStacks } from './stacks.ts';
import type { NamedStage } from './stage.ts';

/** AWS, as a command about one stage sees it. */
export interface Cloud {
  readonly region: string;
  readonly account: Account;
  readonly stacks: Stacks;
  readonly buckets: Buckets;
  readonly endpoints: Endpoints;
  readonly cdk: Cdk;
}

export type Reach = <T>(
  named: NamedStage,
  work: (cloud: Cloud, interruption: () => AbortSignal) => Promise<T>,
) => Promise<T>;

/** Reaches AWS with the operator's credentials, wherever the SDK finds them. @throws Misuse where no region is set */
export const reachAws =
  (terminal: Terminal): Reach =>
  async (named, work) => {
    const { env } = terminal;
    const region = await regionFor(named.stage, env);
    const folder = await mkdtemp(join(tmpdir(), 'modeldrop-cdk-'));
    let signal: AbortSignal | undefined;
    const interruption = () => (signal ??= terminal.interruption());
    try {
      const cloud = {
        region,
        account: sdkAccount(region),
        stacks: sdkStacks(region),
        buckets: sdkBuckets(region, env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined),
        endpoints: sagemakerEndpoints(region, env.AWS_ENDPOINT_URL || undefined),
        cdk: childCdk({ named, region, folder, env, interruption }),
      };
      return await work(cloud, interruption);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
