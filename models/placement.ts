import type { Manifest } from './manifest.ts';

/** Where a model runs. */
export interface Placement {
  readonly placement: 'lambda';
  readonly reason: string;
}

/** Every kind that exists so far scores in process, in microseconds a row. */
export function place({ kind }: Pick<Manifest, 'kind'>): Placement {
  return { placement: 'lambda', reason: `${kind} models score in process` };
}
