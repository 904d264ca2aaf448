import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endpointInvoke } from '../../adapters/endpoint/endpoint.ts';
import { memoryCounter } from '../../adapters/meter/counter.ts';
import { filesStore } from '../../adapters/store/files.ts';
import { adminKey } from './admin-key.ts';
import { bringExamples } from './bring-examples.ts';
import { bundled } from './bundle.ts';
import { endpointEntry, endpointProcess } from './endpoint-host/endpoint-process.ts';
import { localFunctions } from './functions.ts';
import { startGateway } from './gateway/gateway.ts';
import { watchInbox } from './inbox-watcher.ts';
import { jobProcess, jobsEntry } from './jobs/job-process.ts';
import { watchLeftovers } from './jobs/leftovers.ts';
import { watchModels } from './model-watcher.ts';
import { onnxEntry, onnxProcesses } from './onnx/onnx-process.ts';
import { writePrivate } from './private-file.ts';
import { resultDoor } from './result-door.ts';
import type { Settings } from './settings.ts';
import { shadowProcess } from './shadow/shadow-process.ts';
import { trainInProcess } from './train/train-process.ts';
import { uploadDoor } from './upload-door.ts';
import { verifyEntry, verifyInProcess } from './verify/verify-process.ts';

export interface Platform {
  readonly url: string;
  readonly key: string;
  readonly inbox: string;
  /** Lets the requests in flight finish, then stops. */
  close(): Promise<void>;
}

export interface Reporting {
  /** The version of this software. */
  readonly release: string;
  readonly progress: (line: string) => void;
}

/** What the local endpoint is called in SageMaker's API. */
const ENDPOINT = 'modeldrop-local';
const OWNER_ONLY = 0o700;
/** How long a stop waits for a model that is being verified; an endless one would take a minute. */
const PATIENCE_MS = 3_000;

/** The functions on one machine: files for S3, a watcher for its events, a gateway for API Gateway. */
export async function startPlatform(settings: Settings, { release, progress }: Reporting): Promise<Platform> {
  const { host, port, home, key: stated, examples, quota, logLevel, python } = settings;
  await mkdir(join(home, 'inbox'), { recursive: true, mode: OWNER_ONLY });
  await chmod(home, OWNER_ONLY);
  const [registry, inbox] = [filesStore(join(home, 'registry')), filesStore(home)];
  let url = '';
  const { door, presign } = uploadDoor({
    inbox,
    now: Date.now,
    landed: (key) => key.startsWith('inbox/') && watcher.landed(key),
  });
  const results = resultDoor({ registry, now: Date.now });
  const trainer = trainInProcess({
    home,
    python,
    failed: ({ key }) => progress(`modeldrop: training on ${key} broke; it is left as it is`),
  });
  const programs = bundled({ verify: verifyEntry, onnx: onnxEntry, endpoint: endpointEntry, jobs: jobsEntry });
  const onnx = onnxProcesses({ home, program: programs.then(({ onnx }) => onnx) });
  const endpoint = endpointProcess({
    home,
    program: programs.then(({ endpoint: program }) => program),
    registry: join(home, 'registry'),
    endpoint: ENDPOINT,
    started: ({ url: at }) => progress(`modeldrop: the endpoint ${ENDPOINT} runs at ${at}`),
  });
  const place = { name: ENDPOINT, url: endpoint.url };
  const jobs = jobProcess({
    home,
    program: programs.then(({ jobs: program }) => program),
    folder: join(home, 'registry'),
    registry,
    endpoint: place,
    dead: (job) => progress(`modeldrop: job ${job} broke; it is tried again at the next start`),
  });
  const leaving = new AbortController();
  const counter = memoryCounter();
  const shadow = shadowProcess({ home, registry: join(home, 'registry'), counter, endpoint: place });
  const { deployBy, authorize, watch, ...functions } = localFunctions({
    counter,
    shadow: shadow.send,
    registry,
    inbox,
    train: trainer.train,
    enqueue: jobs.enqueue,
    presign: (key, sha256) => presign(url, key, sha256),
    presignRequest: (key, sha256, bytes) => presign(url, `registry/${key}`, sha256, bytes),
    presignResult: async (key, contentType) => results.presign(url, key, contentType),
    openOnnx: onnx.open,
    endpoint: {
      name: ENDPOINT,
      invoke: endpointInvoke({ endpoint: ENDPOINT, invoke: endpoint.invoke, now: () => performance.now() }),
    },
    release,
    logLevel,
  });
  // First of all: where the port is taken, nothing in the home has changed.
  const gateway = await startGateway({
    host,
    port,
    functions,
    authorize,
    fallback: 'catalog',
    quota: () => ({ rate: quota, burst: quota }),
    extra: async (app) => void (await app.register(door).register(results.door)),
  });
  url = gateway.url;
  const key = await adminKey(registry, home, stated, new Date().toISOString()).catch(async (error) => {
    await gateway.close();
    throw error;
  });
  const prover = programs.then(({ verify }) => verify);
  if (examples) await bringExamples({ home, registry, inbox, prover, deployBy, progress });
  await jobs.resume();
  endpoint.takeUp();
  const leftovers = watchLeftovers({ home, registry, now: Date.now });
  const watcher = watchInbox({
    home,
    deploy: deployBy(verifyInProcess({ home, program: prover, leaving: leaving.signal })),
    dead: (file) => progress(`modeldrop: ${file} failed three times and is left as it is`),
  });
  const models = watchModels({ ...watch, counter }, (model) =>
    progress(`modeldrop: the canary of ${model} could not be judged`),
  );
  const note = join(home, 'platform.json');
  await writePrivate(note, `${JSON.stringify({ url, key })}\n`);
  return {
    url,
    key,
    inbox: join(home, 'inbox'),
    async close() {
      const patience = setTimeout(() => leaving.abort(), PATIENCE_MS);
      await Promise.all([gateway.close(), watcher.close(), trainer.close(), jobs.close(), shadow.close(), leftovers()]);
      clearTimeout(patience);
      // What was counted until now.
      await models.close();
      await Promise.all([onnx.close(), endpoint.close()]);
      if (await isNoteOf(note, url)) await rm(note, { force: true });
    },
  };
}

/** Another platform over the same home may have written its own. */
const isNoteOf = async (note: string, url: string): Promise<boolean> =>
  (await readFile(note, 'utf8').catch(() => '')).includes(`"${url}"`);
