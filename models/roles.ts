import type { Manifest } from './manifest.ts';
import type { Tensors } from './tensor.ts';

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

/** Answers under the names of our own kinds, too: "predict" and "predict_proba", whatever the model calls them. */
export function byRole(content: Pick<Manifest, 'onnx' | 'signature'>, answered: Tensors): Tensors {
  const { answer, probabilities } = rolesOf(content);
  const roles = [['predict', answer] as const, ['predict_proba', probabilities] as const];
  const named = roles.flatMap(([role, output]) => {
    const tensor = output === undefined ? undefined : answered.get(output);
    return tensor === undefined ? [] : [[role, tensor] as const];
  });
  return new Map([...named, ...answered]);
}
