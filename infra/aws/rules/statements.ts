import { asArray, resourcesOf, type Template, worded } from './rule.ts';

/** One allowance of a role, wherever in the template it is written. */
export interface Statement {
  /** The policy or role that holds it. */
  readonly holder: string;
  /** The roles that it counts for, by logical id. */
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

interface Policy {
  readonly PolicyDocument?: { readonly Statement?: unknown };
}

/** Every statement by which a role of this template is allowed something. */
export function roleStatements(template: Template): Statement[] {
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resourcesOf(template, type).flatMap(([id, policy]) =>
      statementsOf(policy as Policy, id, asArray(policy.Roles as readonly unknown[]).map(refOf)),
    ),
  );
  const inline = resourcesOf(template, 'AWS::IAM::Role').flatMap(([id, { Policies }]) =>
    asArray(Policies as readonly Policy[]).flatMap((policy) => statementsOf(policy, id, [id])),
  );
  return [...attached, ...inline];
}

function statementsOf({ PolicyDocument }: Policy, holder: string, roles: readonly string[]): Statement[] {
  const statements = asArray(PolicyDocument?.Statement as Record<string, unknown>[] | undefined);
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Resource, Condition }) => ({
      holder,
      roles,
      actions: asArray(Action as string | string[]),
      resources: asArray(Resource).map(worded),
      condition: (Condition ?? {}) as Record<string, unknown>,
    }));
}

const refOf = (value: unknown): string => (value as { Ref?: string }).Ref ?? worded(value);
