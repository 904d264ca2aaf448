import type { Context } from 'aws-lambda';
import { withAsyncEndpoints } from '../../adapters/endpoint/async-in-region.ts';
import { endpointIn } from '../../adapters/endpoint/endpoint-port.ts';
import { countLines } from '../../adapters/meter/count-lines.ts';
import { memoryCounter } from '../../adapters/meter/counter.ts';
import { emfMeter } from '../../adapters/meter/emf.ts';
import { memoryMeter } from '../../adapters/meter/memory.ts';
import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { freshView } from '../../adapters/registry/fresh.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import type { Channel } from '../../models/channel.ts';
import { readEnvironment } from '../http/environment.ts';
import { MAX_RESULT_BYTES } from '../http/limits.ts';
import { powertoolsLog } from '../http/log.ts';
import { predictFunction } from '../predict/handler.ts';
import { loadFrom } from '../predict/load.ts';
import { modelCache } from '../predict/model-cache.ts';
import { jobsFunction } from './handler.ts';
import { tidingsIn } from './tidings.ts';

const environment = readEnvironment('jobs', process.env);
const client = s3Client();
const registry = s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client });
const now = Date.now;
const write = (line: string): boolean => process.stdout.write(line);
const meter = emfMeter(memoryMeter(now), { namespace: 'Modeldrop', write, now });
const counter = memoryCounter();
const lines = countLines(counter, { write, now });
process.once('SIGTERM', () => {
  meter.flush();
  lines.flush();
});

/** Longer than this function may run, and shorter than Lambda waits before it tries again. */
const LEASE_MS = 45_000;
/** Of the sandbox's memory; the rest is for the code and for the rows of a job. */
const CACHE_SHARE = 0.5;
const MEGABYTE = 1024 * 1024;
const memory = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 1024) * MEGABYTE;

/** Absent where the stage has no asynchronous endpoints. */
const { MODELDROP_ASYNC_STAGE: stage, MODELDROP_ASYNC_BUCKET: bucket } = process.env;
const answers = bucket ? s3Store({ bucket, client }) : undefined;
const many = endpointIn(process.env);
const endpoint =
  stage && bucket && answers ? withAsyncEndpoints({ stage, bucket, store: answers }, process.env, many) : many;

const jobs = jobsFunction({
  registry,
  predict: predictFunction({
    channels: freshView<Channel>({ store: registry, now }),
    models: modelCache({
      load: loadFrom(registry, openInRuntime(), endpoint),
      maxBytes: CACHE_SHARE * memory,
    }),
    meter,
    counter,
    // Callers who wait give a shadow enough to see.
    shadow: () => false,
    log: powertoolsLog('predict'),
    draw: Math.random,
    maxBytes: MAX_RESULT_BYTES,
  }),
  ...(answers && { answers, tidings: tidingsIn(answers) }),
  leaseMs: LEASE_MS,
  now,
  log: powertoolsLog('jobs'),
});

export const handler = (request: unknown, context: Context): Promise<void> => {
  lines.begin();
  return jobs(request, context);
};
