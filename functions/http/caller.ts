import type { Scope } from './routes.ts';

/** Who calls, as the authorizer found. */
export interface Caller {
  readonly key: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly models: readonly string[];
}

/** An authorizer's context carries strings only. */
export const toContext = ({ key, tenant, scopes, models }: Caller): Record<string, string> => ({
  key,
  tenant,
  scopes: scopes.join(' '),
  models: models.join(' '),
});

/** Undefined where the authorizer named nobody: an open route, or a preflight. */
export function fromContext(context: Record<string, unknown> | null | undefined): Caller | undefined {
  const { key, tenant, scopes, models } = context ?? {};
  const isWhole = [key, tenant, scopes, models].every((word) => typeof word === 'string');
  if (!isWhole) return undefined;
  const [granted, patterns] = [scopes as string, models as string];
  return { key: key as string, tenant: tenant as string, scopes: granted.split(' '), models: patterns.split(' ') };
}

/** An admin key may do everything; `deploy` includes `predict`. */
export const grants = (scopes: readonly string[], needed: Scope): boolean =>
  needed === 'open' ||
  scopes.includes(needed) ||
  scopes.includes('admin') ||
  (needed === 'predict' && scopes.includes('deploy'));
