import type { Keyring } from '../../adapters/registry/keyring.ts';
import { readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Manifest } from '../../models/manifest.ts';
import { json } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import { credentialOf } from '../http/credential.ts';
import type { Operation } from '../http/handler.ts';
import { type Dialect, type Route, routes } from '../http/routes.ts';
import { errorBodies, errorBodyOf, failures } from '../http/schemas.ts';
import type { Channels } from '../http/sight.ts';
import { type Content, contentOf, type Media } from './content.ts';
import { servedModels } from './models.ts';

interface Ports {
  readonly registry: Store;
  readonly channels: Channels;
  readonly keyring: Keyring;
  readonly release: string;
}

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
        ...errorBodies,
        ...Object.fromEntries(manifests.map((manifest) => [`Row-${manifest.model}`, rowOf(manifest)])),
      },
      responses: failureResponses,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  };
}

/** One row of a model, as a record. */
const rowOf = ({ model, features, types = {}, onnx }: Manifest) => ({
  type: 'object',
  description: `One row of ${model}.`,
  properties: Object.fromEntries(
    features.map((feature) => {
      if (onnx?.layout === 'tensors') return [feature, { description: 'As the tensor has its shape.' }];
      return [feature, { type: Object.hasOwn(types, feature) ? 'string' : 'number' }];
    }),
  ),
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
  const { request, response, status = 200, headers = {}, query, others = {} }: Content = contentOf(operation);
  return {
    operationId: operationId(method, path),
    summary,
    tags: [dialect],
    security: scope === 'open' ? [] : [{ bearer: [] }, { key: [] }],
    parameters: [...parametersOf(path), ...headerParameters(headers), ...queryParameters(query ?? {})],
    ...(request && { requestBody: { required: query === undefined, content: mediaTypes(request) } }),
    responses: {
      [status]: { description: 'Done', ...(response && { content: mediaTypes(response) }) },
      ...Object.fromEntries(
        Object.entries(others).map(([code, { description, response: media }]) => [
          code,
          { description, ...(media && { content: mediaTypes(media) }) },
        ]),
      ),
      ...Object.fromEntries(
        codes.map((code) => [code, { $ref: `#/components/responses/${failureName(dialect, code)}` }]),
      ),
    },
  };
}

const mediaTypes = (media: Media): Record<string, { readonly schema: object }> =>
  Object.fromEntries(Object.entries(media).map(([type, schema]) => [type, { schema }]));

const codes = Object.keys(failures).map(Number);

const failureName = (dialect: Dialect, status: number): string => `${errorBodyOf(dialect, status)}${status}`;

/** Every answer to a failure, said once. */
const failureResponses = Object.fromEntries(
  routes.flatMap(({ dialect }) => codes.map((code) => [failureName(dialect, code), failureOf(dialect, code)])),
);

function failureOf(dialect: Dialect, status: number) {
  const schema = { $ref: `#/components/schemas/${errorBodyOf(dialect, status)}` };
  return { description: failures[status], content: mediaTypes({ 'application/json': schema }) };
}

const operationId = (method: string, path: string): string =>
  `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`;

const headerParameters = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));

const queryParameters = (query: NonNullable<Content['query']>) =>
  Object.entries(query).map(([name, stated]) => ({ name, in: 'query', ...stated }));

const parametersOf = (path: string) => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  ...(path === '/invocations' ? [{ name: 'model', in: 'query', required: true, schema: { type: 'string' } }] : []),
];
