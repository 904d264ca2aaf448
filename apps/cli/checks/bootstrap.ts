import type { Account } from '../aws/account.ts';
import { type Finding, failed, fine, noted } from './finding.ts';

/** What the construct library of ours needs. */
const NEEDED = 6;

export interface BootstrapPlace {
  readonly account: string;
  readonly region: string;
}

/** Whether CDK can put its files somewhere. */
export async function checkBootstrap(aws: Account, { account, region }: BootstrapPlace): Promise<Finding> {
  const mend = `run npx cdk bootstrap aws://${account}/${region}`;
  try {
    const version = await aws.bootstrapVersion();
    if (version === undefined) return failed('bootstrap', `account ${account} has none in ${region}`, mend);
    if (version < NEEDED) return failed('bootstrap', `version ${version}, too old in ${region}`, mend);
    return fine('bootstrap', `version ${version} in ${region}`);
  } catch (error) {
    return noted('bootstrap', `not known (${(error as Error).name})`, `if the deployment says so too, ${mend}`);
  }
}
