import type { TSchema } from 'typebox';
import * as Type from 'typebox';
import { Channel } from '../../models/channel.ts';
import { IMAGE_TYPES } from '../../models/image/image-types.ts';
import { ReleaseCommand } from '../../models/release-command.ts';
import { Signature } from '../../models/signature.ts';
import { MlflowRequest } from '../http/dialects/mlflow.ts';
import { PredictionsResponse, V1Request } from '../http/dialects/v1.ts';
import { V2Request, V2Response } from '../http/dialects/v2-schema.ts';
import { ShownJob } from '../http/jobs.ts';
import { KeyRequest } from '../http/key-request.ts';
import { MAX_INPUT_BYTES } from '../http/limits.ts';
import { ModelList, Readiness } from '../http/schemas.ts';
import { TrainingRequest } from '../http/training-request.ts';
import { UploadRequest } from '../http/upload-request.ts';

/** A schema by media type. */
export type Media = Readonly<Record<string, object>>;

/** What an operation takes and answers; without a response it answers no body. */
export interface Content {
  readonly request?: Media;
  readonly response?: Media;
  readonly status?: number;
  /** Headers that it takes besides, and what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters of its query. Whoever states one sends no body. */
  readonly query?: Readonly<Record<string, { readonly description: string; readonly schema: object }>>;
  /** What else it answers where all is well, by status. */
  readonly others?: Readonly<Record<number, { readonly description: string; readonly response?: Media }>>;
}

const json = (schema: TSchema): Media => ({ 'application/json': schema });

const text = Type.String();
const bytes = Type.String({ format: 'binary' });
const images = Object.fromEntries(IMAGE_TYPES.map((type) => [type, bytes]));
const object = json(Type.Object({}));

const listOf = (name: string): Media => json(Type.Object({ [name]: Type.Array(Type.Object({})) }));

/** Where one file is to be put. */
const place = {
  url: Type.String(),
  method: Type.Literal('PUT'),
  headers: Type.Record(Type.String(), Type.String()),
  expires: Type.String(),
};

const v2 = {
  request: { ...json(V2Request), 'application/octet-stream': bytes },
  response: { ...json(V2Response), 'application/octet-stream': bytes },
};
const tritonBinary = { 'application/vnd.sagemaker-triton.binary+json': bytes };

/** A body of any protocol, told apart by its keys or its type. */
const invocation = {
  request: {
    ...json(Type.Union([V2Request, V1Request, MlflowRequest])),
    'text/csv': text,
    'text/libsvm': text,
    'application/octet-stream': bytes,
    ...tritonBinary,
    ...images,
  },
  response: {
    ...json(Type.Union([V2Response, PredictionsResponse])),
    'application/octet-stream': bytes,
    ...tritonBinary,
  },
} satisfies Content;

/** Content by operation: the very schemas that check it. What is not here takes no body and answers an object. */
const contents: Readonly<Record<string, Content>> = {
  root: { response: { ...json(Type.Object({ status: Type.Literal('alive') })), 'text/html': text } },
  live: { response: json(Type.Object({ live: Type.Boolean() })) },
  ready: { response: json(Type.Object({ ready: Type.Boolean() })) },
  ping: { response: { 'text/plain': text } },
  health: { response: { 'text/plain': text } },
  version: { response: { 'text/plain': text } },
  server: {
    response: json(Type.Object({ name: Type.String(), version: Type.String(), extensions: Type.Array(Type.String()) })),
  },
  inferV2: v2,
  explainV1: { request: json(V1Request), response: json(PredictionsResponse) },
  predictV1: { request: { ...json(V1Request), ...images }, response: json(PredictionsResponse) },
  scoreMlflow: {
    request: { ...json(MlflowRequest), 'text/csv': text, ...images },
    response: json(PredictionsResponse),
  },
  invokeSagemaker: invocation,
  models: { response: json(ModelList) },
  index: {
    response: json(
      Type.Array(
        Type.Object({ name: Type.String(), version: Type.String(), state: Type.String(), reason: Type.String() }),
      ),
    ),
  },
  model: { response: json(Readiness) },
  modelReady: { response: json(Readiness) },
  metadata: {
    response: json(
      Type.Object({
        name: Type.String(),
        versions: Type.Array(Type.String()),
        platform: Type.String(),
        ...Signature.properties,
        parameters: Type.Optional(
          Type.Object({
            interval: Type.Optional(Type.Object({ maximum: Type.Number(), outputs: Type.Array(Type.String()) })),
          }),
        ),
      }),
    ),
  },
  stats: { response: listOf('model_stats') },
  versions: { response: listOf('versions') },
  file: { response: { 'application/octet-stream': bytes } },
  drops: { response: listOf('drops') },
  keys: { response: listOf('keys') },
  release: { request: json(ReleaseCommand), response: json(Channel) },
  rollback: { response: json(Channel) },
  createKey: {
    request: json(KeyRequest),
    response: json(Type.Object({ id: Type.String(), key: Type.String() })),
    status: 201,
  },
  train: {
    request: json(TrainingRequest),
    response: json(
      Type.Object({
        id: Type.String(),
        model: Type.String(),
        state: Type.String(),
        ...place,
      }),
    ),
    status: 201,
  },
  trainingJob: { response: object },
  createJob: {
    request: invocation.request,
    response: json(ShownJob),
    status: 202,
    headers: { 'Idempotency-Key': 'The same request under the same key is the same job.' },
    query: {
      upload: {
        description: 'The SHA-256, in hex, of a request that is uploaded instead of sent; this call has no body then.',
        schema: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      },
      bytes: {
        description: 'The size of what is uploaded. It comes with `upload`.',
        schema: Type.Integer({ minimum: 1, maximum: MAX_INPUT_BYTES }),
      },
    },
    others: {
      201: {
        description:
          'What is to be uploaded is not there: `url` takes it. The same call once more then begins the job.',
        response: json(Type.Object(place)),
      },
    },
  },
  job: { response: json(ShownJob) },
  jobResult: {
    response: invocation.response,
    others: {
      303: {
        description: 'The result is large: `location` says where it can be fetched for 15 minutes, without a key.',
      },
    },
  },
  cancelJob: { response: json(ShownJob) },
  upload: {
    request: json(UploadRequest),
    response: json(
      Type.Object({
        drop: Type.String(),
        ...place,
      }),
    ),
    status: 201,
  },
  deleteModel: { status: 204 },
  revokeKey: { status: 204 },
};

export const contentOf = (operation: string): Content => contents[operation] ?? { response: object };
