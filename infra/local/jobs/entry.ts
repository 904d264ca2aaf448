import { setPriority } from 'node:os';
import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { memoryMeter } from '../../../adapters/meter/memory.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { freshView } from '../../../adapters/registry/fresh.ts';
import { readJob } from '../../../adapters/registry/prediction-jobs.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { MAX_RESULT_BYTES } from '../../../functions/http/limits.ts';
import { powertoolsLog } from '../../../functions/http/log.ts';
import { JobNotDone, jobsFunction } from '../../../functions/jobs/handler.ts';
import { predictFunction } from '../../../functions/predict/handler.ts';
import { loadFrom } from '../../../functions/predict/load.ts';
import { modelCache } from '../../../functions/predict/model-cache.ts';
import type { Channel } from '../../../models/channel.ts';
import { dieWithParent } from '../die-with-parent.ts';
import { lambdaContext } from '../gateway/lambda-context.ts';
import { platformEndpoint } from '../platform-endpoint.ts';
import type { FromJobs, ToJobs } from './messages.ts';

const [folder = '', leaseMs = '', endpoint = '', asyncFolder = ''] = process.argv.slice(3);
dieWithParent();
const CACHE_BYTES = 256 * 1024 * 1024;
/** Whoever waits for an answer comes first. */
const PATIENT = 10;
setPriority(PATIENT);

const registry = filesStore(folder);
const answers = filesStore(asyncFolder);
const now = Date.now;
const jobs = jobsFunction({
  registry,
  predict: predictFunction({
    channels: freshView<Channel>({ store: registry, now }),
    models: modelCache({
      load: loadFrom(registry, openInRuntime(), endpoint === '' ? undefined : platformEndpoint(endpoint, answers)),
      maxBytes: CACHE_BYTES,
    }),
    meter: memoryMeter(now),
    counter: memoryCounter(),
    shadow: () => false,
    log: powertoolsLog('predict', 'WARN'),
    draw: Math.random,
    maxBytes: MAX_RESULT_BYTES,
  }),
  answers,
  leaseMs: Number(leaseMs),
  now,
  log: powertoolsLog('jobs', 'WARN'),
});

async function isDone(job: string): Promise<boolean> {
  try {
    await jobs({ job }, lambdaContext('jobs', job, performance.now() + Number(leaseMs)));
    return true;
  } catch (error) {
    if (error instanceof JobNotDone) return false;
    throw error;
  }
}

process.on('message', async (message: ToJobs) => {
  if (!('job' in message)) return;
  const done = await isDone(message.job);
  const asked = !done && (await readJob(registry, message.job))?.asked !== undefined;
  process.send?.({ done, asked } satisfies FromJobs);
});
// Its platform is gone: what is not done is taken up by the next one.
process.once('disconnect', () => process.exit());
