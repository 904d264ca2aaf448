import type { Manifest } from './manifest.ts';

/** Where a drop may ask to be run. */
export const PLACEMENTS = ['lambda', 'endpoint', 'endpoint-async'] as const;

/** Where a model runs. */
export interface Placement {
  readonly placement: (typeof PLACEMENTS)[number];
  readonly reason: string;
}

type Placed = Pick<Manifest, 'kind' | 'onnx' | 'triton' | 'cascade' | 'placement'>;

/** On an endpoint where its drop asked for it; everything else scores without a machine of its own. */
export const placementOf = ({ triton, placement }: Pick<Placed, 'triton' | 'placement'>): Placement['placement'] =>
  placement ?? (triton === undefined ? 'lambda' : 'endpoint');

/** Where a model runs, and why, in words. */
export const place = (model: Placed): Placement => ({ placement: placementOf(model), reason: reasonOf(model) });

function reasonOf(model: Placed): string {
  const { kind, onnx, triton, cascade } = model;
  if (cascade !== undefined) {
    const large = reasonOf({ kind: 'onnx', onnx: cascade.large.onnx, ...(triton && { triton }) });
    return `the small model in process, and below a confidence of ${cascade.threshold} the large one: ${large}`;
  }
  if (onnx === undefined) return `${kind} models score in process`;
  const work = `${onnx.multiplyAdds.toLocaleString('en')} multiply-adds a row${onnx.uncounted.length > 0 ? ' or more' : ''}`;
  return `${work}, ${WHERE[placementOf(model)]}`;
}

const WHERE: Readonly<Record<Placement['placement'], string>> = {
  lambda: "in ONNX Runtime, in the function's own sandbox on AWS, in a child process on a laptop",
  endpoint: 'in Triton on the endpoint, as its drop.json says',
  'endpoint-async': 'by jobs, in Triton on an endpoint of its own, as its drop.json says',
};
