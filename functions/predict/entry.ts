import { emfMeter } from '../../adapters/meter/emf.ts';
import { memoryMeter } from '../../adapters/meter/memory.ts';
import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { freshView } from '../../adapters/registry/fresh.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3Reader } from '../../adapters/store/s3-reader.ts';
import type { Channel } from '../../models/channel.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { predictFunction } from './handler.ts';
import { loadFrom } from './load.ts';
import { modelCache } from './model-cache.ts';

const environment = readEnvironment('predict', process.env);
const registry = s3Reader({ bucket: environment.MODELDROP_REGISTRY_BUCKET, session: awsSession(process.env) });
const now = Date.now;
const meter = emfMeter(memoryMeter(now), {
  namespace: 'Modeldrop',
  write: (line) => process.stdout.write(line),
  now,
});
process.once('SIGTERM', () => meter.flush());

/** Of the sandbox's memory; the rest is for the code and for the rows of a request. */
const CACHE_SHARE = 0.5;
const MEGABYTE = 1024 * 1024;
const memory = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 1024) * MEGABYTE;

export const handler = predictFunction({
  channels: freshView<Channel>({ store: registry, now }),
  models: modelCache({ load: loadFrom(registry, openInRuntime()), maxBytes: CACHE_SHARE * memory }),
  meter,
  log: powertoolsLog('predict'),
  draw: Math.random,
});
