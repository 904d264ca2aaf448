import type { Manifest } from './manifest.ts';

/** Where a model runs. */
export interface Placement {
  readonly placement: 'lambda';
  readonly reason: string;
}

/** Everything that is served so far scores without a machine of its own. */
export function place({ kind, onnx }: Pick<Manifest, 'kind' | 'onnx'>): Placement {
  if (onnx === undefined) return { placement: 'lambda', reason: `${kind} models score in process` };
  const work = `${onnx.multiplyAdds.toLocaleString('en')} multiply-adds a row${onnx.uncounted.length > 0 ? ' or more' : ''}`;
  const where = "ONNX Runtime, in the function's own sandbox on AWS, in a child process on a laptop";
  return { placement: 'lambda', reason: `${work}, in ${where}` };
}
