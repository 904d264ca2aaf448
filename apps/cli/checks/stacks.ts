import { STACKS, stackName } from '../../../infra/aws/stack-names.ts';
import type { Stacks } from '../aws/stacks.ts';
import { type Finding, failed, fine } from './finding.ts';

/** Whether the stage's stacks can be deployed to: none is at work, or stuck. */
export async function checkStacks(stacks: Stacks, stage: string): Promise<Finding> {
  const names = STACKS.map((role) => stackName(stage, role));
  try {
    const states = await Promise.all(names.map(async (name) => ({ name, status: (await stacks.stack(name))?.status })));
    const busy = states.find(({ status }) => /_IN_PROGRESS$/.test(status ?? '') && status !== 'REVIEW_IN_PROGRESS');
    if (busy !== undefined) return failed('stacks', `${busy.name} is ${busy.status}`, 'wait until it is done');
    const stuck = states.find(({ status }) => /^UPDATE_ROLLBACK_FAILED$|^DELETE_FAILED$/.test(status ?? ''));
    if (stuck !== undefined) return failed('stacks', `${stuck.name} is ${stuck.status}`, mendOf(stuck.name));
    const there = states.filter(({ status }) => status !== undefined);
    return fine('stacks', there.length === 0 ? `stage ${stage} is not deployed` : `${there.length} of ${names.length}`);
  } catch (error) {
    return failed('stacks', (error as Error).message, 'allow cloudformation:DescribeStacks');
  }
}

const mendOf = (name: string): string =>
  `read why: aws cloudformation describe-stack-events --stack-name ${name}; then continue its rollback or delete it`;
