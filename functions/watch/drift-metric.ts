import { readChannel } from '../../adapters/registry/channels.ts';
import { readCounts } from '../../adapters/registry/counts.ts';
import { readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import { inputsIn } from '../../models/watch/counts.ts';
import { driftOf } from '../../models/watch/drift.ts';

/** The largest stability index of a model's features that chance does not explain; 0 where there is none. */
export async function driftFigure(registry: Store, model: string): Promise<number | undefined> {
  const stable = (await readChannel(registry, model))?.stable;
  const counted = stable === undefined ? undefined : (await readCounts(registry, model))?.versions[stable];
  if (stable === undefined || counted === undefined) return undefined;
  const baseline = (await readManifest(registry, model, stable))?.baseline;
  const drift = baseline && driftOf(baseline, inputsIn(counted));
  return drift?.features.reduce((most, { verdict, psi }) => (verdict === 'drifted' ? Math.max(most, psi) : most), 0);
}
