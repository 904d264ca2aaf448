import { readCounts } from '../../adapters/registry/counts.ts';
import { listVersions, readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Channel } from '../../models/channel.ts';
import type { Manifest } from '../../models/manifest.ts';
import { place } from '../../models/placement.ts';
import { largestLevel } from '../../models/residuals.ts';
import { type Counts, inputsIn } from '../../models/watch/counts.ts';
import { type Drift, driftOf } from '../../models/watch/drift.ts';
import { type ShadowReport, shadowReport } from '../../models/watch/shadow-report.ts';
import { type TrialReport, trialReport } from '../../models/watch/trial-report.ts';
import { json } from '../http/answer.ts';
import type { Operation } from '../http/handler.ts';
import { type Channels, channelInSight } from '../http/sight.ts';
import { manifestInSight } from './models.ts';

interface Ports {
  readonly registry: Store;
  readonly channels: Channels;
}

/** A model's card, and its versions. Neither shows training rows: no golden example, and of files their names only. */
export const versionOperations = ({ registry, channels }: Ports): Record<string, Operation> => ({
  async card(call) {
    const channel = await channelInSight(channels, call);
    const manifest = await manifestInSight(registry, channels, call);
    return json(cardOf(manifest, channel, await readCounts(registry, channel.model)));
  },
  async versions(call) {
    const channel = await channelInSight(channels, call);
    const numbers = await listVersions(registry, channel.model);
    const counts = await readCounts(registry, channel.model);
    const manifests = await Promise.all(numbers.map((version) => readManifest(registry, channel.model, version)));
    return json({
      model: channel.model,
      versions: manifests.flatMap((manifest) => (manifest ? [summaryOf(manifest, channel, counts)] : [])),
      ...(channel.policy && { policy: channel.policy }),
      history: channel.history,
    });
  },
});

const cardOf = (manifest: Manifest, channel: Channel, counts: Counts | undefined) => ({
  ...summaryOf(manifest, channel, counts),
  ...driftIn(manifest, counts),
  ...place(manifest),
  features: manifest.features,
  ...(manifest.labels && { labels: manifest.labels }),
  signature: manifest.signature,
  ...(manifest.onnx && { onnx: manifest.onnx }),
  ...(manifest.image && { image: manifest.image }),
  ...(manifest.cascade && { cascade: manifest.cascade }),
  ...(manifest.positive !== undefined && { positive: manifest.positive }),
  ...(manifest.threshold !== undefined && { threshold: manifest.threshold }),
  ...(manifest.residuals && { largestInterval: largestLevel(manifest.residuals) }),
  ...(manifest.baseline && { baseline: manifest.baseline }),
  ...(manifest.card && { card: manifest.card }),
  goldenExamples: manifest.examples.length,
  files: manifest.blobs.map(({ file }) => file),
});

/** What has become of its inputs since training, where it was asked, and knows what its training rows were like. */
function driftIn({ version, baseline }: Manifest, counts: Counts | undefined): { drift?: Drift } {
  const counted = counts?.versions[version];
  const drift = baseline && counted && driftOf(baseline, inputsIn(counted));
  return drift ? { drift } : {};
}

/** How a version in the shadow does beside the stable one. */
function shadowIn(version: number, { shadow }: Channel, counts: Counts | undefined): { shadow?: ShadowReport } {
  const counted = counts?.versions[version]?.shadow;
  if (shadow?.version !== version || counted?.since !== shadow.since) return {};
  return { shadow: shadowReport(counted) };
}

/** How an open canary does beside the stable version. */
function trialIn(version: number, { canary }: Channel, counts: Counts | undefined): { trial?: TrialReport } {
  if (canary?.version !== version) return {};
  const ledger = counts?.trial;
  return { trial: trialReport(canary, ledger?.since === canary.since ? ledger : undefined) };
}

const summaryOf = (manifest: Manifest, channel: Channel, counts: Counts | undefined) => ({
  ...placeOf(manifest, channel),
  ...trialIn(manifest.version, channel, counts),
  ...shadowIn(manifest.version, channel, counts),
  model: manifest.model,
  version: manifest.version,
  kind: manifest.kind,
  format: manifest.format,
  digest: manifest.digest,
  createdAt: manifest.createdAt,
  createdBy: manifest.createdBy,
  ...(manifest.metrics && { metrics: manifest.metrics }),
});

const placeOf = (manifest: Manifest, { stable, canary, shadow }: Channel) => ({
  ...(manifest.version === stable && { channel: 'stable' }),
  ...(manifest.version === canary?.version && { channel: 'canary', weight: canary.weight }),
  ...(manifest.version === shadow?.version && { channel: 'shadow' }),
});
