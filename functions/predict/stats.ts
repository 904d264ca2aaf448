import type { Meter } from '../../adapters/meter/meter.ts';
import { json } from '../http/answer.ts';
import type { Operation } from '../http/handler.ts';
import { type Channels, channelInSight } from '../http/sight.ts';

interface Ports {
  readonly channels: Channels;
  readonly meter: Meter;
}

/** Triton's statistics of a model's stable version, as this process has counted them. */
export const statsOperation =
  ({ channels, meter }: Ports): Operation =>
  async (call) => {
    const { model, stable } = await channelInSight(channels, call);
    const { success, fail, rows, lastInference } = meter.stats(model, stable);
    const stats = {
      name: model,
      version: String(stable),
      last_inference: lastInference,
      inference_count: rows,
      execution_count: success.count,
      inference_stats: { success, fail },
    };
    return json({ model_stats: [stats] });
  };
