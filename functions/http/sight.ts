import type { View } from '../../adapters/registry/fresh.ts';
import { layout } from '../../adapters/registry/layout.ts';
import type { Channel } from '../../models/channel.ts';
import { ModelNotFound } from '../../models/errors.ts';
import { MODEL_NAME } from '../../models/model-name.ts';
import { covers } from '../../models/pattern.ts';
import type { Call } from './call.ts';

export type Channels = (path: string) => Promise<View<Channel>>;

/** Whether a key with these patterns may know of a model. What is no model's name is nobody's model. */
export const isInSight = (model: string, patterns: readonly string[]): boolean =>
  MODEL_NAME.test(model) && covers(patterns, model);

/** The model that a call names, if its key may see it. @throws ModelNotFound */
export function modelInSight({ params, caller }: Call): string {
  const model = params.model ?? '';
  if (!isInSight(model, caller?.models ?? [])) throw new ModelNotFound(model);
  return model;
}

/** The channel of a model in service that the call's key may see. @throws ModelNotFound */
export async function channelInSight(channels: Channels, call: Call): Promise<Channel & { readonly stable: number }> {
  const model = modelInSight(call);
  const { value, beside } = await channels(layout.channel(model));
  await beside;
  if (value?.stable === undefined) throw new ModelNotFound(model);
  return value as Channel & { stable: number };
}
