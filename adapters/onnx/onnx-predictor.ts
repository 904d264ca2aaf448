import { arrays, isFixed } from '../../models/datatype.ts';
import { checkFinite } from '../../models/finite.ts';
import type { Predictor } from '../../models/predictor.ts';
import { conform, type Signature } from '../../models/signature.ts';
import type { Tensor, Tensors } from '../../models/tensor.ts';
import { RunFailed } from './errors.ts';
import type { OnnxSession } from './session.ts';

/** Serves a model by an open session. The session is closed once the last run has ended. */
export function onnxPredictor(signature: Signature, session: OnnxSession): Predictor {
  const running = new Set<Promise<unknown>>();
  return {
    signature,
    async predict(inputs, signal) {
      signal.throwIfAborted();
      const conformed = conform(signature, inputs);
      for (const spec of signature.inputs) checkFinite(spec, conformed.get(spec.name) as Tensor);
      if (hasNoRows(signature, conformed)) return noRows(signature);
      const run = session.run(conformed, signal);
      running.add(run);
      try {
        return asDeclared(signature, await run);
      } finally {
        running.delete(run);
      }
    },
    async close() {
      await Promise.allSettled(running);
      await session.close();
    },
  };
}

const hasNoRows = ({ inputs }: Signature, given: Tensors): boolean =>
  inputs.some(({ name, shape }) => shape[0] === -1 && given.get(name)?.shape[0] === 0);

/** Not every operator takes an empty batch. */
const noRows = ({ outputs }: Signature): Tensors =>
  new Map(
    outputs.map(({ name, datatype, shape }) => {
      const empty = shape.map((size) => Math.max(0, size)).with(0, 0);
      return [name, { datatype, shape: empty, data: isFixed(datatype) ? new arrays[datatype](0) : [] } as Tensor];
    }),
  );

/** @throws RunFailed where the runtime answers otherwise than the file declares */
function asDeclared({ outputs }: Signature, answered: Tensors): Tensors {
  return new Map(
    outputs.map(({ name, datatype }) => {
      const tensor = answered.get(name);
      if (tensor?.datatype !== datatype) throw new RunFailed(`output ${name} is not of the datatype ${datatype}`);
      return [name, tensor];
    }),
  );
}
