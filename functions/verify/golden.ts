import { excerpt, ModelFileRefused } from '../../models/errors.ts';
import type { Inspection } from '../../models/formats/inspect.ts';
import { deviation } from '../../models/golden.ts';
import type { Manifest } from '../../models/manifest.ts';
import type { Predictor } from '../../models/predictor.ts';
import { byRole } from '../../models/roles.ts';
import { exchangeV1 } from '../http/dialects/v1.ts';
import { exchangeV2 } from '../http/dialects/v2.ts';
import type { Contender } from './contender.ts';

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

/** Whether an example's inputs are tensors, and no rows. */
export const speaksTensors = ({ inputs }: Record<string, unknown>): boolean =>
  Array.isArray(inputs) && inputs[0]?.datatype !== undefined;

/** The inputs of a golden example, as the decoders of callers read them. */
export function inputsOf(content: Contender['content'], body: Record<string, unknown>) {
  // The decoders read signature and features only, which exist before there is a version.
  const manifest = content as unknown as Manifest;
  return speaksTensors(body)
    ? exchangeV2(manifest, body, { requestId: 'golden' }).inputs
    : exchangeV1(manifest, body).inputs;
}
