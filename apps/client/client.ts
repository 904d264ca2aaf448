import type { Channel } from '../../models/channel.ts';
import type { ReleaseCommand } from '../../models/release-command.ts';
import type {
  Card,
  Drop,
  Explained,
  InferAnswer,
  InferRequest,
  Job,
  Key,
  KeyGrant,
  ModelEntry,
  NewKey,
  Predictions,
  Upload,
  Versions,
} from './answers.ts';
import { type Connection, call, download } from './call.ts';
import { type Following, followJob } from './follow-job.ts';
import { type JobRequest, startJob } from './start-job.ts';
import { announce, put, type UploadFile } from './upload.ts';

/** A platform, as a caller with one key sees it. Every method throws ApiError or Unreachable. */
export interface Client {
  /** Whether the platform takes predictions. */
  ready(): Promise<{ readonly ready: boolean }>;
  models(): Promise<ModelEntry[]>;
  versions(model: string): Promise<Versions>;
  /** @param version the stable one where it is not said */
  card(model: string, version?: number): Promise<Card>;
  /** A file of a version, as it was dropped. The key needs scope `deploy`. */
  file(model: string, version: number, name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** @param instances arrays in the order of the features, records by feature name, or numbers for one feature */
  predict(model: string, instances: readonly unknown[], options?: PredictOptions): Promise<Predictions>;
  /** @param instances as of `predict` @throws ApiError 422 where the model is not explained */
  explain(model: string, instances: readonly unknown[], options?: ExplainOptions): Promise<Explained>;
  /** The Open Inference Protocol v2. */
  infer(model: string, request: InferRequest, version?: number): Promise<InferAnswer>;
  /** MLflow's protocol: one of its JSON bodies, or a text of CSV. */
  invoke(model: string, body: string | Readonly<Record<string, unknown>>): Promise<Predictions>;
  /** Has rows predicted without waiting for it, however many they are. @param instances as of `predict` */
  startJob(model: string, instances: readonly unknown[], options?: JobOptions): Promise<Job>;
  /** As `startJob`, of any request to predict: a file, or what `binaryTensors` makes. */
  startJobOf(model: string, request: JobRequest, options?: Pick<JobOptions, 'idempotencyKey'>): Promise<Job>;
  job(id: string): Promise<Job>;
  /** Waits for the end of a job, whichever it is. */
  followJob(id: string, following?: Following): Promise<Job>;
  /** What `predict` would have answered, and more of it than `predict` may. @throws ApiError 409 where the job has no result */
  jobResult(id: string): Promise<Predictions>;
  /** @throws ApiError 409 where the job has ended */
  cancelJob(id: string): Promise<Job>;
  release(model: string, command: ReleaseCommand): Promise<Channel>;
  rollback(model: string): Promise<Channel>;
  delete(model: string): Promise<void>;
  /** Asks for a place for a file, and uploads it there. It lands whole or not at all. */
  upload(model: string, file: UploadFile): Promise<Upload>;
  /** The first half of an upload: the place, and the id of the drop that the file will be. */
  announce(model: string, file: UploadFile, signal?: AbortSignal): Promise<Upload>;
  /** The second half: the bytes. */
  put(place: Upload, bytes: UploadFile['bytes'], signal?: AbortSignal): Promise<void>;
  /** Newest first. */
  drops(model: string): Promise<Drop[]>;
  drop(model: string, id: string): Promise<Drop>;
  keys(): Promise<Key[]>;
  createKey(grant: KeyGrant): Promise<NewKey>;
  revokeKey(id: string): Promise<void>;
}

export interface PredictOptions {
  /** Answer `{label, probabilities}` a row. */
  readonly probabilities?: boolean;
  /**
   * Answer `{value, lower, upper}` a row of a regression, such that the truth lies between with this probability: of rows
   * like those of the training, not of values that the answer names as `outside`.
   */
  readonly interval?: number;
}

export interface JobOptions extends PredictOptions {
  /** The same request under the same key is the same job, however often it is sent. */
  readonly idempotencyKey?: string;
}

export interface ExplainOptions {
  /** Every class, not only the predicted one. */
  readonly all?: boolean;
}

/** @example `await client({ url: 'http://127.0.0.1:8080', key }).predict('iris', [[5.1, 3.5, 1.4, 0.2]])` */
export function client(connection: Connection): Client {
  const get = <T>(path: string) => call<T>(connection, path);
  const post = <T>(path: string, body?: unknown) => call<T>(connection, path, { method: 'POST', body });
  const erase = (path: string) => call<void>(connection, path, { method: 'DELETE' });
  return {
    ready: () => get('/v2/health/ready'),
    models: async () => (await post<IndexEntry[]>('/v2/repository/index')).map(modelEntry),
    versions: (model) => get(`${of(model)}/versions`),
    card: (model, version) => get(`${of(model)}${versionPart(version)}/card`),
    file: (model, version, name) =>
      download(connection, `${of(model)}/versions/${version}/files/${encodeURIComponent(name)}`),
    predict: (model, instances, options = {}) => post(`${of(model)}:predict`, rowsWith(instances, options)),
    explain: (model, instances, { all = false } = {}) =>
      post(`${of(model)}:explain`, { instances, ...(all && { explain: 'all' }) }),
    infer: (model, request, version) =>
      post(`/v2/models/${encodeURIComponent(model)}${versionPart(version)}/infer`, request),
    invoke: (model, body) => post(`${of(model)}/invocations`, body),
    startJob: (model, instances, { idempotencyKey, ...options } = {}) =>
      startJob(connection, model, jsonRequest(rowsWith(instances, options)), idempotencyKey),
    startJobOf: (model, request, { idempotencyKey } = {}) => startJob(connection, model, request, idempotencyKey),
    job: (id) => get(job(id)),
    followJob: (id, following = {}) => followJob(() => get(job(id)), following),
    jobResult: (id) => get(`${job(id)}/result`),
    cancelJob: (id) => call(connection, job(id), { method: 'DELETE' }),
    release: (model, command) => post(`${of(model)}/release`, command),
    rollback: (model) => post(`${of(model)}/rollback`),
    delete: (model) => erase(of(model)),
    async upload(model, file) {
      const place = await announce(connection, model, file);
      await put(place, file.bytes);
      return place;
    },
    announce: (model, file, signal) => announce(connection, model, file, signal),
    put,
    drops: async (model) => (await get<{ drops: Drop[] }>(`${of(model)}/drops`)).drops,
    drop: (model, id) => get(`${of(model)}/drops/${encodeURIComponent(id)}`),
    keys: async () => (await get<{ keys: Key[] }>('/v1/keys')).keys,
    createKey: (grant) => post('/v1/keys', grant),
    revokeKey: (id) => erase(`/v1/keys/${encodeURIComponent(id)}`),
  };
}

const of = (model: string): string => `/v1/models/${encodeURIComponent(model)}`;

const job = (id: string): string => `/v1/jobs/${encodeURIComponent(id)}`;

/** A request of KServe's V1. */
function rowsWith(instances: readonly unknown[], { probabilities = false, interval }: PredictOptions) {
  const parameters = { ...(probabilities && { probabilities }), ...(interval !== undefined && { interval }) };
  return { instances, ...(Object.keys(parameters).length > 0 && { parameters }) };
}

const jsonRequest = (body: object): JobRequest => ({
  bytes: new TextEncoder().encode(JSON.stringify(body)),
  headers: { 'content-type': 'application/json' },
});

const versionPart = (version: number | undefined): string => (version === undefined ? '' : `/versions/${version}`);

interface IndexEntry {
  readonly name: string;
  readonly version: string;
}

const modelEntry = ({ name, version }: IndexEntry): ModelEntry => ({ name, version: Number(version) });
