import { describe, expect, it } from 'vitest';
import type { Account } from '../../../../apps/cli/aws/account.ts';
import type { Cloud } from '../../../../apps/cli/aws/cloud.ts';
import { cleared, preflight } from '../../../../apps/cli/aws/preflight.ts';
import { Failure, Misuse } from '../../../../apps/cli/failures.ts';
import { dev } from '../../../../infra/aws/stages/dev.ts';
import { fakeCloud, fakeTerminal, OPERATOR } from './fake-cloud.ts';

const failing =
  (name: string, message = name) =>
  async () => {
    throw Object.assign(new Error(message), { name });
  };

const account = (changes: Partial<Account>): Partial<Cloud> => ({
  account: { ...fakeCloud().cloud.account, ...changes },
});

const stackThatIs = (status: string): Partial<Cloud> => ({
  stacks: { ...fakeCloud().cloud.stacks, stack: async () => ({ status, outputs: {} }) },
});

async function clear(overrides: Partial<Cloud>) {
  const { terminal, err } = fakeTerminal();
  const { cloud } = fakeCloud({ overrides });
  const caller = cleared(await preflight(cloud, dev), terminal);
  return { caller, err: err() };
}

describe('the checks before a deployment', () => {
  it('say nothing where all is well', async () => {
    expect(await clear({})).toEqual({ caller: OPERATOR, err: '' });
  });

  it.each([
    [
      'no credentials',
      account({ caller: failing('CredentialsProviderError') }),
      Misuse,
      /none are found; run aws sso login/,
    ],
    [
      'refused credentials',
      account({ caller: failing('ExpiredToken', 'it has expired') }),
      Misuse,
      /it has expired; run/,
    ],
    [
      'no bootstrap',
      account({ bootstrapVersion: async () => undefined }),
      Failure,
      /^bootstrap: account 123456789012 has none in eu-north-1; run npx cdk bootstrap aws:\/\/123456789012\/eu-north-1$/,
    ],
    ['an old bootstrap', account({ bootstrapVersion: async () => 5 }), Failure, /version 5, too old/],
    ['a stack at work', stackThatIs('UPDATE_IN_PROGRESS'), Failure, /Storage is UPDATE_IN_PROGRESS; wait/],
    ['a stack that is stuck', stackThatIs('UPDATE_ROLLBACK_FAILED'), Failure, /describe-stack-events/],
  ] as const)('stop at %s, on one line', async (_, overrides, kind, told) => {
    const refusal = clear(overrides);
    await expect(refusal).rejects.toThrow(told);
    await expect(refusal).rejects.toBeInstanceOf(kind);
    await expect(refusal).rejects.toThrow(/^[^\n]+$/);
  });

  it('ask nothing else where AWS does not know who asks', async () => {
    const { cloud } = fakeCloud({ overrides: account({ caller: failing('ExpiredToken') }) });
    const { findings } = await preflight(cloud, dev);
    expect(findings.map(({ check }) => check)).toEqual(['node', 'stage', 'region', 'credentials']);
  });

  it('note that a young account runs few functions, and go on', async () => {
    const { caller, err } = await clear(account({ functionsAtOnce: async () => 10 }));
    expect(caller).toBe(OPERATOR);
    expect(err).toMatch(/^note: lambda: 10 functions at once; .*L-B99A9384.*\n$/);
  });

  it('note what they may not ask, and go on', async () => {
    const denied = failing('AccessDeniedException');
    const { err } = await clear(account({ bootstrapVersion: denied, functionsAtOnce: denied }));
    expect(err).toMatch(/^note: bootstrap: not known \(AccessDeniedException\);.*\nnote: lambda: .*\n$/);
  });
});
