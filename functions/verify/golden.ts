import { excerpt, ModelFileRefused } from '../../models/errors.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import { deviation } from '../../models/golden.ts';
import type { Manifest } from '../../models/manifest.ts';
import type { Predictor } from '../../models/predictor.ts';
import { rolesOf } from '../../models/roles.ts';
import type { Tensors } from '../../models/tensor.ts';
import { exchangeV1 } from '../http/dialects/v1.ts';
import { exchangeV2 } from '../http/dialects/v2.ts';

/** Whoever called this function sets the deadline: it kills. */
const NEVER = new AbortController().signal;

/**
 * Replays the golden examples through the decoders that callers go through.
 * @throws ModelFileRefused at the first answer that is not as the example says
 */
export async function replayGolden(content: Inspection['content'], predictor: Predictor): Promise<void> {
  for (const [i, example] of content.examples.entries()) {
    const answered = await predictor.predict(inputsOf(content, example.inputs), NEVER);
    const strayed = deviation(example, byRole(content, answered));
    if (strayed === undefined) continue;
    const { output, index, expected, got } = strayed;
    throw new ModelFileRefused({
      where: `examples.json[${i}].outputs.${output}[${index}]`,
      rule: `must be what the model answers; it answers ${excerpt(got)}`,
      found: expected,
    });
  }
}

/** Examples speak of "predict" and "predict_proba", whatever the model calls them. */
function byRole(content: Inspection['content'], answered: Tensors): Tensors {
  const { answer, probabilities } = rolesOf(content);
  const roles = [['predict', answer] as const, ['predict_proba', probabilities] as const];
  const named = roles.flatMap(([role, output]) => {
    const tensor = output === undefined ? undefined : answered.get(output);
    return tensor === undefined ? [] : [[role, tensor] as const];
  });
  return new Map([...named, ...answered]);
}

/** The inputs of a golden example, as the decoders of callers read them. */
export function inputsOf(content: Inspection['content'], body: Record<string, unknown>) {
  // The decoders read signature and features only, which exist before there is a version.
  const manifest = content as unknown as Manifest;
  const first = Array.isArray(body.inputs) ? body.inputs[0] : undefined;
  return first?.datatype === undefined
    ? exchangeV1(manifest, body).inputs
    : exchangeV2(manifest, body, { requestId: 'golden' }).inputs;
}
