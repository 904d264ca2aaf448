import { stackName, stacksOf } from '../../../infra/aws/stack-names.ts';
import type { Stage } from '../../../infra/aws/stages.ts';
import { leftOver } from '../aws/left-over.ts';
import type { Stacks } from '../aws/stacks.ts';
import { type Finding, failed, fine } from './finding.ts';

/** Whether the stage's stacks can be deployed to: none is at work, or stuck. */
export async function checkStacks(stacks: Stacks, stage: Stage): Promise<Finding> {
  const names = stacksOf(stage).map((role) => stackName(stage.name, role));
  try {
    const states = await Promise.all(names.map(async (name) => ({ name, status: (await stacks.stack(name))?.status })));
    const busy = states.find(({ status }) => /_IN_PROGRESS$/.test(status ?? '') && status !== 'REVIEW_IN_PROGRESS');
    if (busy !== undefined) return failed('stacks', `${busy.name} is ${busy.status}`, 'wait until it is done');
    const stuck = states.find(({ status }) => /^UPDATE_ROLLBACK_FAILED$|^DELETE_FAILED$/.test(status ?? ''));
    if (stuck !== undefined) return failed('stacks', `${stuck.name} is ${stuck.status}`, mendOf(stuck.name));
    const left = await leftOver(stacks, stage);
    if (left !== undefined) return failed('stacks', left.found, left.mend);
    const there = states.filter(({ status }) => status !== undefined);
    return fine(
      'stacks',
      there.length === 0 ? `stage ${stage.name} is not deployed` : `${there.length} of ${names.length}`,
    );
  } catch (error) {
    return failed('stacks', (error as Error).message, 'allow cloudformation:DescribeStacks');
  }
}

const mendOf = (name: string): string =>
  `read why: aws cloudformation describe-stack-events --stack-name ${name}; then continue its rollback or delete it`;
