import type { Labels } from '../../labels.ts';
import type { Onnx } from '../../onnx.ts';
import type { Signature } from '../../signature.ts';
import type { Declaration, ModelFile } from '../format.ts';
import { decode } from './decode.ts';
import { bringIn } from './external-data.ts';
import { type Intake, intakeOf } from './layout.ts';
import { onnxSignature } from './onnx-signature.ts';
import { operatorsOf } from './operators.ts';
import { parameterCount } from './parameters.ts';
import { meaningOf, statedLabels } from './roles.ts';
import { encodeWhole, mend } from './servable.ts';
import { checkSizes } from './tensor-size.ts';
import { workOf } from './work.ts';

/** What an ONNX model is, found without running it. */
export interface OnnxModel extends Omit<Intake, 'layout'> {
  readonly labels?: Labels;
  readonly signature: Signature;
  readonly onnx: Onnx;
  /** What ONNX Runtime is given: the model as it was understood here, with nothing outside of it. */
  readonly bytes: Uint8Array;
}

/**
 * Reads an ONNX model, and walks its whole graph. Nothing in it is executed.
 * @param siblings files that were dropped beside it, which may hold its tensors
 * @throws ModelFileRefused naming file, place, rule and value
 */
export function readOnnx(file: ModelFile, siblings: readonly ModelFile[], declared: Declaration): OnnxModel {
  const model = decode(file);
  const operators = operatorsOf(model, file.name);
  const used = bringIn(model, file.name, siblings);
  checkSizes(model, file.name);
  const stated = statedLabels(model);
  const changes = mend(model);
  const signature = onnxSignature(model, file.name);
  const { layout, ...intake } = intakeOf(signature, declared);
  const { roles, labels } = meaningOf(model, signature, stated, declared);
  return {
    ...intake,
    ...(labels && { labels }),
    signature: labels ? withLabels(signature, roles.probabilities, labels) : signature,
    onnx: {
      ...operators,
      parameters: parameterCount(model),
      ...mutable(workOf(model, file.name)),
      layout,
      roles,
      changes,
      siblings: used,
    },
    bytes: encodeWhole(model, file.name),
  };
}

const mutable = ({ multiplyAdds, uncounted }: ReturnType<typeof workOf>) => ({
  multiplyAdds,
  uncounted: [...uncounted],
});

function withLabels({ inputs, outputs }: Signature, probabilities: string | undefined, labels: Labels): Signature {
  const labelled = outputs.map((spec) =>
    spec.name === probabilities ? { ...spec, parameters: { labels: labels.values } } : spec,
  );
  return { inputs, outputs: labelled };
}
