import type { Account, Caller } from '../aws/account.ts';
import { type Finding, failed, fine } from './finding.ts';

/** Whether AWS knows who asks. */
export async function checkCredentials(account: Account): Promise<{ finding: Finding; caller?: Caller }> {
  try {
    const caller = await account.caller();
    return { finding: fine('credentials', `account ${caller.account}, as ${caller.arn}`), caller };
  } catch (error) {
    const { name, message } = error as Error;
    const found = name === 'CredentialsProviderError' ? 'none are found' : message;
    return { finding: failed('credentials', found, 'run aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID') };
  }
}
