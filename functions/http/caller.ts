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

export const fromContext = (context: Record<string, unknown>): Caller => ({
  key: String(context.key),
  tenant: String(context.tenant),
  scopes: String(context.scopes).split(' '),
  models: String(context.models).split(' '),
});

/** An admin key may do everything; `deploy` includes `predict`. */
export const grants = (scopes: readonly string[], needed: Scope): boolean =>
  needed === 'open' ||
  scopes.includes(needed) ||
  scopes.includes('admin') ||
  (needed === 'predict' && scopes.includes('deploy'));
