import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import type { NamedBytes } from '../../adapters/registry/versions.ts';
import type { Cascade } from '../../models/cascade/cascade.ts';
import { cascadePredictor } from '../../models/cascade/cascade-predictor.ts';
import { parseLabels } from '../../models/labels.ts';
import type { Manifest } from '../../models/manifest.ts';
import type { Predictor } from '../../models/predictor.ts';
import { largeModel } from '../http/large-model.ts';
import { forwarder } from './forwarder.ts';

/** Where a large model may run. */
export interface LargePorts {
  readonly openOnnx: OpenSession;
  readonly endpoint: EndpointPort | undefined;
}

/** A cascade whose small model is loaded already. The large one runs on the endpoint, or here, from these files. */
export async function cascadeOf(
  { model, cascade, triton, labels = [] }: Manifest & { readonly cascade: Cascade },
  small: Predictor,
  files: readonly NamedBytes[],
  { openOnnx, endpoint }: LargePorts,
): Promise<Predictor> {
  const { signature, onnx } = cascade.large;
  const large = triton
    ? await forwarder({ model, signature, onnx, triton }, endpoint)
    : onnxPredictor(signature, await openOnnx(largeModel(cascade, files)));
  return cascadePredictor({ small, large, labels: parseLabels(labels), cascade });
}
