import { createKey, type Key, type KeyGrant, listKeys, newSecret, revokeKey } from '../../adapters/registry/keys.ts';
import type { Store } from '../../adapters/store/store.ts';
import { covers } from '../../models/pattern.ts';
import { json, noContent } from '../http/answer.ts';
import type { Caller } from '../http/caller.ts';
import { checkedBody } from '../http/checked-body.ts';
import { NotFound, ScopeMissing } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { KeyRequest } from '../http/key-request.ts';

const request = checkedBody(KeyRequest);

interface Ports {
  readonly registry: Store;
  readonly now: () => number;
}

/** Keys, made and revoked while everything runs. An admin rules the keys of its tenant that reach no further than its own;
 * the operator's, of tenant `default` and all models, rules all. */
export const keyOperations = ({ registry, now }: Ports): Record<string, Operation> => ({
  async keys({ caller }) {
    return json({ keys: (await listKeys(registry)).filter((key) => rules(caller as Caller, key)) });
  },
  async createKey(call) {
    const caller = call.caller as Caller;
    const grant = within(caller, request(call));
    const secret = newSecret();
    const key = await createKey(registry, secret, grant, { at: new Date(now()).toISOString(), by: caller.key });
    return json({ ...key, key: secret }, 201);
  },
  async revokeKey({ params, caller }) {
    const id = params.key ?? '';
    const known = (await listKeys(registry)).some((key) => key.id === id && rules(caller as Caller, key));
    if (!known || !(await revokeKey(registry, id))) throw new NotFound('key', id);
    return noContent;
  },
});

/** The tenant of whoever runs the house. */
const OPERATOR = 'default';

const rulesAll = ({ tenant, models }: Caller): boolean => tenant === OPERATOR && models.includes('*');

/** Whether a key with this grant reaches no further than the caller's own. */
const rules = (caller: Caller, { tenant, models }: Pick<Key, 'tenant' | 'models'>): boolean =>
  rulesAll(caller) || (tenant === caller.tenant && models.every((pattern) => covers(caller.models, pattern)));

/** Nobody grants more than they hold. @throws ScopeMissing */
function within(caller: Caller, { tenant = caller.tenant, ...rest }: KeyRequest): KeyGrant {
  const grant = { ...rest, tenant };
  if (!rules(caller, grant)) {
    throw new ScopeMissing('admin of all models', [`admin of ${caller.models.join(', ')} in tenant ${caller.tenant}`]);
  }
  return grant;
}
