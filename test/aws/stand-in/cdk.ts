import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
/** Of the operator: what the stand-in does not know as a function's may do all. */
export const OPERATOR = { accessKeyId: 'OPERATOR', secretAccessKey: 'operator' };

/** By stack and name. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Cdk {
  bootstrap(): Promise<string>;
  deploy(stage: string): Promise<Outputs>;
  destroy(stage: string): Promise<string>;
}

/** The project's own CDK command against the stand-in; what it builds goes to `folder`. */
export function cdk(url: string, folder: string): Cdk {
  const run = (args: readonly string[], cwd = root) => command(args, cwd, environment(url));
  const app = (stage: string) => ['--context', `stage=${stage}`, '--output', join(folder, 'cdk.out')];
  const file = join(folder, 'outputs.json');
  return {
    // Not in the project's folder: there it would synthesize the app first.
    bootstrap: () => run(['bootstrap', `aws://${ACCOUNT}/${REGION}`], tmpdir()),
    async deploy(stage) {
      const how = ['--method', 'direct', '--require-approval', 'never', '--progress', 'events', '--concurrency', '4'];
      await run(['deploy', '--all', ...app(stage), ...how, '--outputs-file', file]);
      return JSON.parse(await readFile(file, 'utf8'));
    },
    destroy: (stage) => run(['destroy', '--all', '--force', ...app(stage)]),
  };
}

/** What an operator sets to reach the stand-in. */
export function environment(url: string): NodeJS.ProcessEnv {
  const { AWS_CA_BUNDLE: _, AWS_PROFILE: __, ...inherited } = process.env;
  return {
    ...inherited,
    AWS_ENDPOINT_URL: url,
    // moto takes a template by its URL only from there.
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: url.replace('127.0.0.1', 'localhost'),
    AWS_ACCESS_KEY_ID: OPERATOR.accessKeyId,
    AWS_SECRET_ACCESS_KEY: OPERATOR.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    CI: 'true',
  };
}

/** What the command wrote. @throws Error with it where the command failed */
function command(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(join(root, 'node_modules/.bin/cdk'), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`cdk ${args[0]} ended with ${code}:\n${output}`)),
    );
  });
}
