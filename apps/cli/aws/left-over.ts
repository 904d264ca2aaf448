import { STACKS, stackName, stacksOf } from '../../../infra/aws/stack-names.ts';
import type { Stage } from '../../../infra/aws/stages.ts';
import type { Stacks } from './stacks.ts';

/** A stack that the stage no longer asks for: CDK does not know of it any more, and it goes on costing. */
export async function leftOver(stacks: Stacks, stage: Stage): Promise<{ found: string; mend: string } | undefined> {
  const asked = stacksOf(stage);
  for (const name of STACKS.filter((role) => !asked.includes(role)).map((role) => stackName(stage.name, role))) {
    if ((await stacks.stack(name)) === undefined) continue;
    return {
      found: `${name} is there, and costs, though stage ${stage.name} no longer asks for it`,
      mend: `remove it: aws cloudformation delete-stack --stack-name ${name}`,
    };
  }
  return undefined;
}
