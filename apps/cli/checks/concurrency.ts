import type { Account } from '../aws/account.ts';
import { type Finding, fine, noted } from './finding.ts';

/** Below it, a handful of callers and a few drops keep each other waiting. */
const ENOUGH = 100;

/** How many functions may run at once: a young account has 10 or 50. It serves, but not many. */
export async function checkConcurrency(account: Account): Promise<Finding> {
  try {
    const limit = await account.functionsAtOnce();
    const found = `${limit} functions at once`;
    return limit >= ENOUGH ? fine('lambda', found) : noted('lambda', `${found}; more callers get 429`, MORE);
  } catch (error) {
    return noted('lambda', `its limit is not known (${(error as Error).name})`, 'allow lambda:GetAccountSettings');
  }
}

const MORE =
  'ask for 1000: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000';
