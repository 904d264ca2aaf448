import { sha256 } from '../../adapters/registry/sha256.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { ModeldropError } from '../../models/errors.ts';
import { type Delivery, isStorable, type Landed, takeAway } from './delivery.ts';
import { dropId } from './inbox.ts';

/** Leaves a report where the file was, and moves all that was delivered to `refused/`. */
export async function refuse(inbox: Store, delivery: Delivery, { message }: ModeldropError): Promise<void> {
  const [file] = delivery.objects;
  await put(inbox, reportKey(file), new TextEncoder().encode(`${JSON.stringify({ error: message }, null, 2)}\n`));
  for (const { key, stored } of delivery.objects) await put(inbox, key.replace(/^inbox\//, 'refused/'), stored.bytes);
  await takeAway(inbox, delivery);
}

/** Beside the file under its name, or under the drop's id where that would be too long for a store. */
function reportKey({ key, stored }: Landed): string {
  const beside = `${key}.report.json`;
  return isStorable(beside) ? beside : key.replace(/[^/]+$/, `${dropId(key, sha256(stored.bytes))}.report.json`);
}
