import type { Manifest } from './manifest.ts';

/** Which outputs answer for a model where a protocol has room for one value a row. */
export interface AnswerRoles {
  /** The value or label of a row; absent where several outputs have no known roles. */
  readonly answer?: string;
  readonly probabilities?: string;
}

/** Native models have names of ours; others have roles, or one output that is all. */
export function rolesOf({ onnx, signature }: Pick<Manifest, 'onnx' | 'signature'>): AnswerRoles {
  if (onnx === undefined) return { answer: 'predict', probabilities: 'predict_proba' };
  const { label, probabilities } = onnx.roles;
  const [only, ...others] = signature.outputs;
  const answer = label ?? probabilities ?? (others.length === 0 ? only?.name : undefined);
  return { ...(answer && { answer }), ...(label && probabilities && { probabilities }) };
}
