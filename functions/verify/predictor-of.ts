import { onnxPredictor } from '../../adapters/onnx/onnx-predictor.ts';
import type { OpenSession } from '../../adapters/onnx/session.ts';
import { cascadePredictor } from '../../models/cascade/cascade-predictor.ts';
import type { inspectDropped } from '../../models/formats/dropped.ts';
import { nativePredictor } from '../../models/native.ts';
import type { Predictor } from '../../models/predictor.ts';

/** What serves an inspected model, in this process. */
export async function predictorOf(
  inspection: ReturnType<typeof inspectDropped>,
  openOnnx: OpenSession,
): Promise<Predictor> {
  if (!('onnx' in inspection)) return nativePredictor(inspection.model);
  const { content, onnx } = inspection;
  if (!('cascade' in inspection)) return onnxPredictor(content.signature, await openOnnx(onnx));
  const { cascade, labels } = inspection;
  const large = onnxPredictor(cascade.large.signature, await openOnnx(onnx));
  return cascadePredictor({ small: nativePredictor(inspection.small), large, labels, cascade });
}
