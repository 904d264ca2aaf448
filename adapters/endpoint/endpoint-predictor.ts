import { arrays } from '../../models/datatype.ts';
import { UnfitInput } from '../../models/errors.ts';
import { checkFinite } from '../../models/finite.ts';
import type { Predictor } from '../../models/predictor.ts';
import { conform, type Signature } from '../../models/signature.ts';
import { elementCount, rowCount, type Tensor, type Tensors } from '../../models/tensor.ts';
import { isUnread } from '../../models/tensor-binary.ts';
import { EndpointFailed } from './failures.ts';
import type { Invoke } from './invoke.ts';
import { AnswerUnreadable, decodeAnswer, encodeRequest } from './triton-wire.ts';

export interface EndpointModel {
  readonly signature: Signature;
  /** The endpoint's name, for errors. */
  readonly endpoint: string;
  /** The key of the model's artifact below the prefix of an endpoint of many models. */
  readonly target?: string;
  /** Whether rows of several callers may be run together: then every input of a call must have as many. */
  readonly rowByRow?: boolean;
}

/** A model on a GPU endpoint: tensors out as they lie in memory, and back. */
export function endpointPredictor(
  { signature, endpoint, target, rowByRow = false }: EndpointModel,
  invoke: Invoke,
): Predictor {
  return {
    signature,
    async predict(inputs, signal) {
      signal.throwIfAborted();
      const conformed = conform(signature, inputs);
      for (const spec of signature.inputs) {
        const tensor = conformed.get(spec.name) as Tensor;
        // What came as bytes goes on as bytes: the model meets whatever is in them.
        if (!isUnread(tensor)) checkFinite(spec, tensor);
      }
      const rows = rowCount(conformed.values().next().value as Tensor);
      if (rowByRow) checkRows(conformed, rows);
      // A container refuses a batch of nothing.
      if (rows === 0) return nothing(signature);
      const answer = await invoke(
        { ...(target && { target }), ...encodeRequest(conformed, signature.outputs) },
        signal,
      );
      try {
        return decodeAnswer(answer, signature, rows);
      } catch (error) {
        if (!(error instanceof AnswerUnreadable)) throw error;
        throw new EndpointFailed(endpoint, 'gave an answer that does not fit the model', { cause: error });
      }
    },
    async close() {},
  };
}

/** @throws UnfitInput: in a batch, what one input has too few of would be of another caller's */
function checkRows(inputs: Tensors, rows: number): void {
  const [first] = inputs.keys();
  for (const [name, tensor] of inputs) {
    if (rowCount(tensor) === rows) continue;
    throw new UnfitInput({
      where: `input ${name}`,
      rule: `must have as many rows as ${first}, ${rows}`,
      found: rowCount(tensor),
    });
  }
}

/** No rows of each output. */
const nothing = ({ outputs }: Signature): Tensors =>
  new Map(
    outputs.map(({ name, datatype, shape }) => {
      const empty = shape.map((size) => (size === -1 ? 0 : size));
      const data = datatype === 'BYTES' ? [] : new arrays[datatype](elementCount(empty));
      return [name, { datatype, shape: empty, data } as Tensor];
    }),
  );
