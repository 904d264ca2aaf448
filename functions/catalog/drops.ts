import { type Drop, listDrops, readDrop } from '../../adapters/registry/drops.ts';
import type { Store } from '../../adapters/store/store.ts';
import { json } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import { grants } from '../http/caller.ts';
import { NotFound } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { modelInSight } from '../http/sight.ts';

/** A refusal may quote the file, and a file may hold training rows: only who may deploy is told. */
const shownTo = ({ caller }: Call, { error, ...drop }: Drop) =>
  error !== undefined && grants(caller?.scopes ?? [], 'deploy') ? { ...drop, error } : drop;

const DROP_ID = /^[0-9a-f]{16}$/;

/** What was dropped for a model, and what became of it. */
export const dropOperations = ({ registry }: { readonly registry: Store }): Record<string, Operation> => ({
  async drops(call) {
    const drops = await listDrops(registry, modelInSight(call));
    return json({ drops: drops.map((drop) => shownTo(call, drop)) });
  },
  async drop(call) {
    const id = call.params.drop ?? '';
    const drop = DROP_ID.test(id) ? await readDrop(registry, modelInSight(call), id) : undefined;
    if (drop === undefined) throw new NotFound('drop', id);
    return json(shownTo(call, drop));
  },
});
