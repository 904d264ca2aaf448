import type { Rule } from './rule.ts';
import { roleStatements, type Statement } from './statements.ts';

/** Keys below a stated part of a bucket: what nobody can list in advance. */
const BELOW_A_PREFIX = /^[^*?]*\/[a-z-]+\/\*(\.[a-z.]+)?$/;

/** What a function of ours names when it makes it: all of a stage's begin alike. */
const OF_OUR_NAME = /^[^*?]*\/modeldrop-[a-z][a-z0-9-]*-\*$/;
/** The streams of a named log group, or of one that begins as ours do. */
const IN_A_LOG = /^[^*?]*:log-group:(?:[^*?]+|[^*?]*\/modeldrop-[a-z][a-z0-9-]*-\*):\*$/;
/** Alarms that are named as ours, or that AWS makes for what is. */
const ALARMS_OF_OURS = /^[^*?]*:alarm:(?:TargetTracking-endpoint\/)?modeldrop-[a-z][a-z0-9-]*-\*$/;
/** AWS names each by an id of its own: a condition must say of which service it may be. */
const SCALABLE_TARGETS = /^[^*?]*:application-autoscaling:[^*?]*:scalable-target\/\*$/;

/** Whether a resource is named, or is the keys below a prefix of a bucket, or of a name that begins as ours do. */
export const isNarrow = (resource: string): boolean =>
  !/[*?]/.test(resource) ||
  [BELOW_A_PREFIX, OF_OUR_NAME, IN_A_LOG, ALARMS_OF_OURS, SCALABLE_TARGETS].some((narrow) => narrow.test(resource));

/** What IAM allows for all resources or for none. */
const OF_NO_RESOURCE = new Set(['ecr:GetAuthorizationToken', 'cloudwatch:PutMetricData']);

const isOfAnyService = (resource: string, { StringEquals = {} }: Statement['condition']): boolean =>
  SCALABLE_TARGETS.test(resource) && !('application-autoscaling:service-namespace' in (StringEquals as object));

const isOfNoResource = (actions: readonly string[]): boolean => actions.every((action) => OF_NO_RESOURCE.has(action));

export const narrowPermissions: Rule = {
  name: 'narrow-permissions',
  description:
    'A role names each action, and each resource but for the keys below a prefix of a bucket and what we name ourselves.',
  check: (template) =>
    roleStatements(template).flatMap(({ holder, actions, resources, condition }) => [
      ...actions.filter((action) => action.includes('*')).map((found) => ({ resource: holder, found })),
      ...(isOfNoResource(actions)
        ? []
        : resources.filter((resource) => !isNarrow(resource) || isOfAnyService(resource, condition))
      ).map((found) => ({
        resource: holder,
        found,
      })),
    ]),
};
