import type { NativeModel } from '../../../native.ts';

/** What the file says of itself: texts by key. Nothing of a training row. */
export function factsOf({ kind, features, types, labels, metrics, card }: NativeModel, release: string) {
  const facts = { kind, features, types, labels: labels?.values, metrics: metrics?.test, ...card };
  return {
    modeldrop: release,
    ...Object.fromEntries(
      Object.entries(facts).flatMap(([key, fact]) =>
        fact === undefined ? [] : [[key, typeof fact === 'string' ? fact : JSON.stringify(fact)]],
      ),
    ),
  };
}
