import { Misuse } from '../failures.ts';
import { type AdminKey, createAdminKey } from './admin-key.ts';
import type { Reach } from './cloud.ts';
import { deploymentOf } from './deployment.ts';
import { operatorOf } from './operator.ts';
import { stageFor } from './stage.ts';

export interface OperatorGrant {
  readonly name?: string;
  readonly tenant?: string;
}

/** An admin key of a deployed stage, by the operator's own credentials. @throws Misuse, Failure, StoreUnavailable */
export async function createKeyOf(stageName: string, grant: OperatorGrant, reach: Reach): Promise<AdminKey> {
  const { name = 'admin', tenant = 'default' } = grant;
  const named = await stageFor(stageName);
  const tenants = Object.keys(named.stage.tenants);
  if (!tenants.includes(tenant)) {
    throw new Misuse(`--tenant must be one of stage ${named.stage.name}: ${tenants.join(', ')}; got ${tenant}`);
  }
  return reach(named, async ({ account, stacks, buckets }) => {
    const { arn } = await operatorOf(account);
    const { registry } = await deploymentOf(stacks, named.stage);
    return createAdminKey(buckets.store(registry), { name, tenant, by: arn });
  });
}
