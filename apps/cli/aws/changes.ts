import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { type StackRole, stackName, stacksOf } from '../../../infra/aws/stack-names.ts';
import type { Stage } from '../../../infra/aws/stages.ts';
import type { Cloud } from './cloud.ts';
import type { Template } from './stacks.ts';

/** What a deployment does to one stack. Resources are named by type and logical id. */
export interface StackChange {
  readonly stack: string;
  readonly isNew: boolean;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  /** Deleted and made anew: what was in them is gone. */
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  /** What may be done afterwards that may not be done now. */
  readonly granted: readonly string[];
  /** Whether anything else differs, such as an output. */
  readonly differs: boolean;
}

/** What the synthesized stage would change in the account. */
export const plannedChanges = (cloud: Cloud, stage: Stage): Promise<StackChange[]> =>
  Promise.all(stacksOf(stage).map((role) => plannedChange(cloud, stage.name, role)));

async function plannedChange({ cdk, stacks }: Cloud, stage: string, role: StackRole): Promise<StackChange> {
  const name = stackName(stage, role);
  const isNew = (await stacks.stack(name)) === undefined;
  return stackChange(name, isNew ? undefined : await stacks.template(name), await cdk.template(role));
}

export function stackChange(stack: string, before: Template | undefined, after: Template): StackChange {
  const difference = fullDiff({ ...before }, { ...after });
  const byImpact = new Map<ResourceImpact, string[]>();
  difference.resources.forEachDifference((id, { changeImpact, resourceType }) => {
    byImpact.set(changeImpact, [...(byImpact.get(changeImpact) ?? []), `${resourceType} ${id}`]);
  });
  const of = (...impacts: ResourceImpact[]) => impacts.flatMap((impact) => byImpact.get(impact) ?? []);
  const { WILL_CREATE, WILL_UPDATE, WILL_REPLACE, MAY_REPLACE, WILL_DESTROY, WILL_ORPHAN, WILL_IMPORT } =
    ResourceImpact;
  return {
    stack,
    isNew: before === undefined,
    added: of(WILL_CREATE, WILL_IMPORT),
    changed: of(WILL_UPDATE),
    replaced: of(WILL_REPLACE, MAY_REPLACE),
    removed: of(WILL_DESTROY, WILL_ORPHAN),
    granted: grantsIn(difference.iamChanges),
    differs: difference.differenceCount > 0,
  };
}

/** Permissions widen by a statement that allows, or by the end of one that denies. */
function grantsIn({ statements, managedPolicies }: ReturnType<typeof fullDiff>['iamChanges']): string[] {
  const allowed = statements.additions.filter(({ isNegativeStatement }) => !isNegativeStatement);
  const noLongerDenied = statements.removals.filter(({ isNegativeStatement }) => isNegativeStatement);
  return [
    ...allowed.map((statement) => words('may', statement.render())),
    ...noLongerDenied.map((statement) => words('is no longer kept from', statement.render())),
    ...managedPolicies.additions.map(
      ({ identityArn, managedPolicyArn }) => `${identityArn} gets the policy ${managedPolicyArn}`,
    ),
  ];
}

type Rendered = { readonly principal: string; readonly action: string; readonly resource: string };

const words = (verb: string, { principal, action, resource }: Rendered): string =>
  `${principal} ${verb} ${action} on ${resource}`.replaceAll(/\s*\n\s*/g, ', ');
