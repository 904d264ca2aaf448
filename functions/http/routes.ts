/** What a key may do. `open` routes need none. */
export type Scope = 'open' | 'predict' | 'deploy' | 'admin';

/** The functions that answer HTTP, one folder each. */
export type FunctionName = 'predict' | 'catalog' | 'control';

/** Whose shapes a route speaks. */
export type Dialect = 'modeldrop' | 'v2' | 'v1' | 'mlflow' | 'sagemaker';

export type Method = 'GET' | 'POST' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** `{name}` stands for one segment, or for its part before a `:verb`. */
  readonly path: string;
  readonly operation: string;
  readonly function: FunctionName;
  readonly scope: Scope;
  readonly dialect: Dialect;
  readonly summary: string;
}

const route = (
  spec: `${Method} /${string}`,
  operation: string,
  target: `${FunctionName}/${Scope}/${Dialect}`,
  summary: string,
): Route => {
  const [method, path] = spec.split(' ') as [Method, string];
  const [fn, scope, dialect] = target.split('/') as [FunctionName, Scope, Dialect];
  return { method, path, operation, function: fn, scope, dialect, summary };
};

/** Every route, said once. The gateways, the functions and the OpenAPI document read it. */
export const routes = [
  route('GET /', 'root', 'catalog/open/v1', 'Whether the server is alive'),
  route('GET /openapi.json', 'openapi', 'catalog/open/modeldrop', 'This API, with the models of your key'),
  route('GET /v2/health/live', 'live', 'catalog/open/v2', 'Whether the server is alive'),
  route('GET /v2/health/ready', 'ready', 'catalog/open/v2', 'Whether the server takes predictions'),
  route('GET /ping', 'ping', 'catalog/predict/mlflow', 'Whether the server is alive, as MLflow asks'),
  route('GET /health', 'health', 'catalog/predict/mlflow', 'Whether the server is alive, as MLflow asks'),
  route('GET /version', 'version', 'catalog/predict/mlflow', 'The version of the server'),
  route('GET /v2', 'server', 'catalog/predict/v2', 'Name, version and extensions of the server'),
  route('GET /v2/models', 'models', 'catalog/predict/v2', 'The models of your key'),
  route('POST /v2/repository/index', 'index', 'catalog/predict/v2', 'The models of your key'),
  route('GET /v2/models/{model}', 'metadata', 'catalog/predict/v2', 'Signature of the stable version'),
  route('GET /v2/models/{model}/ready', 'modelReady', 'catalog/predict/v2', 'Whether the model takes predictions'),
  route(
    'GET /v2/models/{model}/stats',
    'stats',
    'predict/predict/v2',
    'Counts and times of its predictions, in one process',
  ),
  route('GET /v2/models/{model}/versions/{version}', 'metadata', 'catalog/predict/v2', 'Signature of a version'),
  route(
    'GET /v2/models/{model}/versions/{version}/ready',
    'modelReady',
    'catalog/predict/v2',
    'Whether the version takes predictions',
  ),
  route('POST /v2/models/{model}/infer', 'inferV2', 'predict/predict/v2', 'Predict'),
  route('POST /v2/models/{model}/versions/{version}/infer', 'inferV2', 'predict/predict/v2', 'Predict with a version'),
  route('GET /v1/models', 'models', 'catalog/predict/v1', 'The models of your key'),
  route('GET /v1/models/{model}', 'model', 'catalog/predict/v1', 'Whether the model takes predictions'),
  route('POST /v1/models/{model}:predict', 'predictV1', 'predict/predict/v1', 'Predict'),
  route('POST /v1/models/{model}:explain', 'explainV1', 'predict/predict/v1', 'Predict, and say why'),
  route('POST /v1/models/{model}/invocations', 'scoreMlflow', 'predict/predict/mlflow', 'Predict'),
  route('POST /invocations', 'scoreMlflow', 'predict/predict/mlflow', 'Predict with ?model={model}'),
  route('POST /endpoints/{model}/invocations', 'invokeSagemaker', 'predict/predict/sagemaker', 'Predict'),
  route('GET /v1/models/{model}/card', 'card', 'catalog/predict/modeldrop', 'What the model is, and how good'),
  route('GET /v1/models/{model}/versions', 'versions', 'catalog/predict/modeldrop', 'Its versions, oldest first'),
  route(
    'GET /v1/models/{model}/versions/{version}/files/{file}',
    'file',
    'control/deploy/modeldrop',
    'A file of a version, as it was dropped',
  ),
  route(
    'GET /v1/models/{model}/versions/{version}/card',
    'card',
    'catalog/predict/modeldrop',
    'What a version is, and how good',
  ),
  route('GET /v1/models/{model}/drops', 'drops', 'catalog/predict/modeldrop', 'What was dropped for it'),
  route('GET /v1/models/{model}/drops/{drop}', 'drop', 'catalog/predict/modeldrop', 'The state of one drop'),
  route('POST /v1/models/{model}/uploads', 'upload', 'control/deploy/modeldrop', 'A place to upload a model file to'),
  route(
    'POST /v1/training-jobs',
    'train',
    'control/deploy/modeldrop',
    'A place to upload a table to, and learn from it',
  ),
  route('GET /v1/training-jobs/{job}', 'trainingJob', 'catalog/predict/modeldrop', 'The state of a training'),
  route('POST /v1/models/{model}/jobs', 'createJob', 'control/predict/modeldrop', 'Predict without waiting'),
  route('GET /v1/jobs/{job}', 'job', 'catalog/predict/modeldrop', 'The state of a prediction'),
  route('GET /v1/jobs/{job}/result', 'jobResult', 'catalog/predict/modeldrop', 'What was predicted'),
  route('DELETE /v1/jobs/{job}', 'cancelJob', 'control/predict/modeldrop', 'Cancel a prediction'),
  route('POST /v1/models/{model}/release', 'release', 'control/deploy/modeldrop', 'Put a version into service'),
  route('POST /v1/models/{model}/rollback', 'rollback', 'control/deploy/modeldrop', 'Go back to the version before'),
  route('DELETE /v1/models/{model}', 'deleteModel', 'control/admin/modeldrop', 'Erase the model and its versions'),
  route('GET /v1/keys', 'keys', 'control/admin/modeldrop', 'The keys, without their secrets'),
  route('POST /v1/keys', 'createKey', 'control/admin/modeldrop', 'Create a key'),
  route('DELETE /v1/keys/{key}', 'revokeKey', 'control/admin/modeldrop', 'Revoke a key'),
] as const satisfies readonly Route[];

/** The path of the gateway's resource that carries a route: a path part can't be `{model}:predict`. */
export const resourceOf = (path: string): string => path.replace(/\{(\w+)\}:\w+$/, '{$1}');

/** The resource of everything that no route names. */
export const CATCH_ALL = '/{proxy+}';
