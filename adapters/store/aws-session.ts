/** Where a function runs, and as whom: what Lambda puts into its environment. */
export interface AwsSession {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  /** A stand-in for S3 to ask instead. */
  readonly endpoint: string | undefined;
}

/** @throws Error that names the variable which is missing */
export const awsSession = (env: NodeJS.ProcessEnv): AwsSession => ({
  region: stated(env, 'AWS_REGION'),
  accessKeyId: stated(env, 'AWS_ACCESS_KEY_ID'),
  secretAccessKey: stated(env, 'AWS_SECRET_ACCESS_KEY'),
  sessionToken: env.AWS_SESSION_TOKEN || undefined,
  endpoint: env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined,
});

function stated(env: NodeJS.ProcessEnv, variable: string): string {
  const value = env[variable];
  if (!value) throw new Error(`the environment must have ${variable}, and it is not set`);
  return value;
}
