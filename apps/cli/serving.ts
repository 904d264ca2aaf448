import type { Channel } from '../../models/channel.ts';

/** Which versions serve now, in words. */
export function serving({ model, stable, canary, shadow }: Channel): string {
  const beside = canary === undefined ? '' : `, version ${canary.version} for ${canary.weight} % of the requests`;
  const unseen = shadow === undefined ? '' : `, version ${shadow.version} in its shadow`;
  return `${model}: version ${stable} serves${beside}${unseen}`;
}
