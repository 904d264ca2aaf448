import { checkCredentials } from '../checks/credentials.ts';
import { Misuse } from '../failures.ts';
import type { Account, Caller } from './account.ts';

/** Who works with these credentials. @throws Misuse where AWS does not know */
export async function operatorOf(account: Account): Promise<Caller> {
  const { finding, caller } = await checkCredentials(account);
  if (caller !== undefined) return caller;
  throw new Misuse(`${finding.check}: ${finding.found}; ${finding.mend}`);
}
