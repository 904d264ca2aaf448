import { type TSchema, Type } from 'typebox';
import type { Meter } from '../../adapters/meter/meter.ts';
import type { Keyring } from '../../adapters/registry/keyring.ts';
import { readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Manifest } from '../../models/manifest.ts';
import { Channel, ReleaseCommand } from '../../models/release.ts';
import { Signature } from '../../models/signature.ts';
import { json } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import { credentialOf } from '../http/credential.ts';
import { MlflowRequest } from '../http/dialects/mlflow.ts';
import { PredictionsResponse, V1Request } from '../http/dialects/v1.ts';
import { V2Request, V2Response } from '../http/dialects/v2-schema.ts';
import type { Operation } from '../http/handler.ts';
import { KeyRequest } from '../http/key-request.ts';
import { type Route, routes } from '../http/routes.ts';
import { ErrorBody, failures, ModelList, Readiness } from '../http/schemas.ts';
import type { Channels } from '../http/sight.ts';
import { UploadRequest } from '../http/upload-request.ts';
import { servedModels } from './models.ts';

interface Ports {
  readonly registry: Store;
  readonly channels: Channels;
  readonly meter: Meter;
  readonly keyring: Keyring;
  readonly release: string;
}

interface Bodies {
  readonly request?: TSchema;
  readonly response?: TSchema;
  readonly status?: number;
}

/** The bodies of the operations: the very schemas that check them. What is not here takes none and answers an object. */
const bodies: Readonly<Record<string, Bodies>> = {
  inferV2: { request: V2Request, response: V2Response },
  predictV1: { request: V1Request, response: PredictionsResponse },
  scoreMlflow: { request: MlflowRequest, response: PredictionsResponse },
  invokeSagemaker: { request: Type.Union([V2Request, V1Request, MlflowRequest]), response: Type.Unknown() },
  models: { response: ModelList },
  model: { response: Readiness },
  modelReady: { response: Readiness },
  metadata: {
    response: Type.Object({
      name: Type.String(),
      versions: Type.Array(Type.String()),
      platform: Type.String(),
      ...Signature.properties,
    }),
  },
  release: { request: ReleaseCommand, response: Channel },
  rollback: { response: Channel },
  createKey: { request: KeyRequest, response: Type.Object({ id: Type.String(), key: Type.String() }), status: 201 },
  upload: {
    request: UploadRequest,
    response: Type.Object({
      drop: Type.String(),
      url: Type.String(),
      method: Type.Literal('PUT'),
      headers: Type.Record(Type.String(), Type.String()),
      expires: Type.String(),
    }),
    status: 201,
  },
  deleteModel: { status: 204 },
  revokeKey: { status: 204 },
};

/** `GET /openapi.json`: generic, or with a key, with that key's models and the names of their features. */
export function openapiOperation(ports: Ports): Operation {
  return async (call) => json(documentOf(ports.release, await manifestsOf(ports, call)));
}

async function manifestsOf(ports: Ports, { headers }: Call): Promise<Manifest[]> {
  const secret = credentialOf(headers);
  const identity = secret === undefined ? undefined : await ports.keyring(secret);
  if (identity === undefined) return [];
  await identity.beside;
  const served = await servedModels(ports, identity.key.models);
  const manifests = await Promise.all(
    served.map(({ name, channel }) => readManifest(ports.registry, name, channel.stable)),
  );
  return manifests.filter((manifest) => manifest !== undefined);
}

function documentOf(release: string, manifests: readonly Manifest[]) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Modeldrop',
      version: release,
      description: 'Models behind one API: Open Inference v2, KServe V1, MLflow and SageMaker.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: pathsOf(routes),
    components: {
      schemas: {
        Error: ErrorBody,
        ...Object.fromEntries(manifests.map((manifest) => [`Row-${manifest.model}`, rowOf(manifest)])),
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  };
}

/** One row of a model, as a record. */
const rowOf = ({ model, features }: Manifest) => ({
  type: 'object',
  description: `One row of ${model}.`,
  properties: Object.fromEntries(features.map((feature) => [feature, { type: 'number' }])),
  required: features,
  additionalProperties: false,
});

function pathsOf(table: readonly Route[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of table) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}

function operationOf({ method, path, operation, scope, dialect, summary }: Route) {
  const { request, response = Type.Object({}), status = 200 } = bodies[operation] ?? {};
  return {
    operationId: operationId(method, path),
    summary,
    tags: [dialect],
    security: scope === 'open' ? [] : [{ bearer: [] }, { key: [] }],
    parameters: parametersOf(path),
    ...(request && { requestBody: { required: true, content: { 'application/json': { schema: request } } } }),
    responses: {
      [status]: status === 204 ? { description: 'Done' } : answer('Done', response),
      ...Object.fromEntries(
        Object.entries(failures).map(([code, meaning]) => [
          code,
          answer(meaning, { $ref: '#/components/schemas/Error' }),
        ]),
      ),
    },
  };
}

const answer = (description: string, schema: object) => ({ description, content: { 'application/json': { schema } } });

const operationId = (method: string, path: string): string =>
  `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`;

const parametersOf = (path: string) => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  ...(path === '/invocations' ? [{ name: 'model', in: 'query', required: true, schema: { type: 'string' } }] : []),
];
