import type { Channel } from '../../models/release.ts';

/** Which versions serve now, in words. */
export function serving({ model, stable, canary }: Channel): string {
  const beside = canary === undefined ? '' : `, version ${canary.version} for ${canary.weight} % of the requests`;
  return `${model}: version ${stable} serves${beside}`;
}
