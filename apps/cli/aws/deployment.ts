import { stackName } from '../../../infra/aws/stack-names.ts';
import type { Stage } from '../../../infra/aws/stages.ts';
import { Failure } from '../failures.ts';
import type { Stacks } from './stacks.ts';

/** Where a deployed stage is. */
export interface Deployment {
  readonly url: string;
  readonly inbox: string;
  readonly registry: string;
}

/** As the stacks' outputs tell. @throws Failure where the stage is not deployed */
export async function deploymentOf(stacks: Stacks, stage: Stage): Promise<Deployment> {
  const [storage, serving] = await Promise.all(
    (['Storage', 'Serving'] as const).map((role) => stacks.stack(stackName(stage.name, role))),
  );
  const { InboxBucket: inbox, RegistryBucket: registry } = storage?.outputs ?? {};
  const url = serving?.outputs.ApiUrl?.replace(/\/+$/, '');
  if (inbox && registry && url) return { inbox, registry, url };
  throw new Failure(`stage ${stage.name} is not deployed here; run modeldrop deploy --stage ${stage.name}`);
}
