import { listChannels } from '../../adapters/registry/channels.ts';
import { layout } from '../../adapters/registry/layout.ts';
import { listVersions, readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Channel } from '../../models/channel.ts';
import { VersionNotFound } from '../../models/errors.ts';
import type { Manifest } from '../../models/manifest.ts';
import { covers } from '../../models/pattern.ts';
import { BOUNDS, largestLevel } from '../../models/residuals.ts';
import { json } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Operation } from '../http/handler.ts';
import { type Channels, channelInSight } from '../http/sight.ts';

interface Ports {
  readonly registry: Store;
  readonly channels: Channels;
}

export interface Served {
  readonly name: string;
  readonly channel: Channel & { readonly stable: number };
}

/** The models in service that these patterns cover, by name. */
export async function servedModels({ registry, channels }: Ports, patterns: readonly string[]): Promise<Served[]> {
  const names = (await listChannels(registry)).filter((name) => covers(patterns, name));
  const views = await Promise.all(names.map((name) => channels(layout.channel(name))));
  await Promise.all(views.map(({ beside }) => beside));
  return names.flatMap((name, i) => {
    const channel = views[i]?.value;
    return channel?.stable === undefined ? [] : [{ name, channel: channel as Served['channel'] }];
  });
}

/** The models that a key sees, in the words of V1 and v2. */
export function modelOperations(ports: Ports): Record<string, Operation> {
  const { registry, channels } = ports;
  return {
    async models({ caller }) {
      const served = await servedModels(ports, caller?.models ?? []);
      return json({ models: served.map(({ name }) => name) });
    },
    async index({ caller }) {
      const served = await servedModels(ports, caller?.models ?? []);
      return json(
        served.map(({ name, channel }) => ({ name, version: String(channel.stable), state: 'READY', reason: '' })),
      );
    },
    async model(call) {
      const { model } = await channelInSight(channels, call);
      return json({ name: model, ready: true });
    },
    async modelReady(call) {
      const { model } = await manifestInSight(registry, channels, call);
      return json({ name: model, ready: true });
    },
    async metadata(call) {
      const manifest = await manifestInSight(registry, channels, call);
      const versions = await listVersions(registry, manifest.model);
      return json({
        name: manifest.model,
        versions: versions.map(String),
        platform: manifest.onnx ? 'onnxruntime_onnx' : `modeldrop_${manifest.kind}`,
        ...manifest.signature,
        ...parametersOf(manifest),
      });
    },
  };
}

/** What beside the signature can be asked of a version. */
function parametersOf({ residuals }: Manifest): { parameters?: Record<string, unknown> } {
  if (residuals === undefined) return {};
  return { parameters: { interval: { maximum: largestLevel(residuals), outputs: BOUNDS } } };
}

/** The manifest of the version that the call names, or of the stable one. @throws ModelNotFound, VersionNotFound */
export async function manifestInSight(registry: Store, channels: Channels, call: Call): Promise<Manifest> {
  const { model, stable, first } = await channelInSight(channels, call);
  const stated = call.params.version ?? String(stable);
  const version = /^[1-9]\d{0,14}$/.test(stated) ? Number(stated) : 0;
  const manifest = version < first ? undefined : await readManifest(registry, model, version);
  if (manifest === undefined) throw new VersionNotFound(model, stated);
  return manifest;
}
