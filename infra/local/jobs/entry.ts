import { setPriority } from 'node:os';
import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { memoryMeter } from '../../../adapters/meter/memory.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { freshView } from '../../../adapters/registry/fresh.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { powertoolsLog } from '../../../functions/http/log.ts';
import { jobsFunction } from '../../../functions/jobs/handler.ts';
import { predictFunction } from '../../../functions/predict/handler.ts';
import { loadFrom } from '../../../functions/predict/load.ts';
import { modelCache } from '../../../functions/predict/model-cache.ts';
import type { Channel } from '../../../models/channel.ts';
import { lambdaContext } from '../gateway/lambda-context.ts';

const [folder = '', leaseMs = ''] = process.argv.slice(2);
const CACHE_BYTES = 256 * 1024 * 1024;
/** Whoever waits for an answer comes first. */
const PATIENT = 10;
setPriority(PATIENT);

const registry = filesStore(folder);
const now = Date.now;
const predict = predictFunction({
  channels: freshView<Channel>({ store: registry, now }),
  models: modelCache({ load: loadFrom(registry, openInRuntime()), maxBytes: CACHE_BYTES }),
  meter: memoryMeter(now),
  counter: memoryCounter(),
  shadow: () => false,
  log: powertoolsLog('predict', 'WARN'),
  draw: Math.random,
});
const jobs = jobsFunction({
  registry,
  predict: (event) =>
    predict(event, lambdaContext('predict', event.requestContext.requestId, performance.now() + Number(leaseMs))),
  leaseMs: Number(leaseMs),
  now,
  log: powertoolsLog('jobs', 'WARN'),
});

process.on('message', async (job) => {
  const message = { messageId: String(job), body: JSON.stringify({ job }) };
  const { batchItemFailures } = await jobs({ Records: [message] } as Parameters<typeof jobs>[0]);
  process.send?.(batchItemFailures.length === 0);
});
// Its platform is gone: what is not done is taken up by the next one.
process.once('disconnect', () => process.exit());
