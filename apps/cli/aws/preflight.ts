import type { Stage } from '../../../infra/aws/stages.ts';
import { checkBootstrap } from '../checks/bootstrap.ts';
import { checkConcurrency } from '../checks/concurrency.ts';
import { checkCredentials } from '../checks/credentials.ts';
import { type Finding, fine } from '../checks/finding.ts';
import { checkNode } from '../checks/node.ts';
import { checkStacks } from '../checks/stacks.ts';
import { Failure, Misuse } from '../failures.ts';
import { oneLine, printLine } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import type { Caller } from './account.ts';
import type { Cloud } from './cloud.ts';

export interface Preflight {
  readonly findings: readonly Finding[];
  /** Absent where AWS does not know who asks: then nothing else can be asked. */
  readonly caller?: Caller;
}

/** Everything that can stand in the way of a deployment, looked at before anything is touched. */
export async function preflight({ account, region, stacks }: Cloud, stage: Stage): Promise<Preflight> {
  const { finding, caller } = await checkCredentials(account);
  const known = [checkNode(), fine('stage', stage.name), fine('region', region), finding];
  if (caller === undefined) return { findings: known };
  const asked = await Promise.all([
    checkBootstrap(account, { account: caller.account, region }),
    checkConcurrency(account),
    checkStacks(stacks, stage),
  ]);
  return { findings: [...known, ...asked], caller };
}

/** What an operator sets, as against what AWS is like. */
const CONFIGURATION = ['node', 'credentials'];

/** Tells what is worth a line, and stops at the first thing that stands in the way. @throws Misuse, Failure */
export function cleared({ findings, caller }: Preflight, { stderr }: Terminal): Caller {
  const broken = findings.find(({ ok }) => !ok);
  if (broken !== undefined) {
    const line = `${broken.check}: ${broken.found}; ${broken.mend}`;
    throw CONFIGURATION.includes(broken.check) ? new Misuse(line) : new Failure(line);
  }
  for (const { check, found, mend } of findings) {
    if (mend !== undefined) printLine(stderr, oneLine(`note: ${check}: ${found}; ${mend}`));
  }
  return caller as Caller;
}
