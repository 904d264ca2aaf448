/** What Lambda knows of a function before it runs it. */
export interface Configuration {
  readonly name: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly region: string;
  /** Of the function's role. */
  readonly credentials: Credentials;
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const VERSION = '$LATEST';
const ACCOUNT = '123456789012';

export const arnOf = ({ name, region }: Configuration): string =>
  `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;

/** The whole environment of a sandbox: nothing of this machine's own gets in. */
export function environmentOf(configuration: Configuration, place: { taskRoot: string; runtimeApi: string }) {
  const { name, handler, memoryMegabytes, region, credentials, environment } = configuration;
  return {
    ...environment,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: place.taskRoot,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: VERSION,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `1970/01/01/[${VERSION}]0`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/** How Lambda divides a sandbox's memory for Node. */
export const nodeOptions = ({ memoryMegabytes }: Configuration): string[] => [
  `--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`,
  `--max-semi-space-size=${Math.max(1, Math.floor(memoryMegabytes * 0.05))}`,
];
