import type { Manifest } from './manifest.ts';

/** Where a drop may ask to be run. */
export const PLACEMENTS = ['lambda', 'endpoint', 'endpoint-async'] as const;

/** Where a model runs. */
export interface Placement {
  readonly placement: (typeof PLACEMENTS)[number];
  readonly reason: string;
}

/** On an endpoint where its drop asked for it; everything else scores without a machine of its own. */
export function place({
  kind,
  onnx,
  triton,
  cascade,
  placement: stated,
}: Pick<Manifest, 'kind' | 'onnx' | 'triton' | 'cascade' | 'placement'>): Placement {
  if (cascade !== undefined) {
    const { placement, reason } = place({ kind: 'onnx', onnx: cascade.large.onnx, ...(triton && { triton }) });
    return {
      placement,
      reason: `the small model in process, and below a confidence of ${cascade.threshold} the large one: ${reason}`,
    };
  }
  if (onnx === undefined) return { placement: 'lambda', reason: `${kind} models score in process` };
  const work = `${onnx.multiplyAdds.toLocaleString('en')} multiply-adds a row${onnx.uncounted.length > 0 ? ' or more' : ''}`;
  if (stated !== undefined) {
    return {
      placement: stated,
      reason: `${work}, by jobs, in Triton on an endpoint of its own, as its drop.json says`,
    };
  }
  if (triton !== undefined) {
    return { placement: 'endpoint', reason: `${work}, in Triton on the endpoint, as its drop.json says` };
  }
  const where = "ONNX Runtime, in the function's own sandbox on AWS, in a child process on a laptop";
  return { placement: 'lambda', reason: `${work}, in ${where}` };
}
