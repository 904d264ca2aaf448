/**
 * The runtime inside a sandbox: loads a handler as Lambda's Node runtime does, asks for events and hands them to it, one
 * after the other. It runs without types, as a program of its own: it imports nothing of the project.
 */
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: object) => unknown;

interface Reply {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const variable = (name: string): string => process.env[name] ?? '';
const agent = new Agent({ keepAlive: true });

function ask(method: 'GET' | 'POST', path: string, body?: string): Promise<Reply> {
  const url = `http://${variable('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime/${path}`;
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, agent }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ headers: response.headers as Reply['headers'], body: text });
    });
    asking.on('error', reject).end(body);
  });
}

const described = (thrown: unknown, errorType?: string): string => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return JSON.stringify({
    errorType: errorType ?? error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  });
};

async function load(): Promise<Handler> {
  const [file = '', name = ''] = variable('_HANDLER').split('.');
  const module = await import(pathToFileURL(join(variable('LAMBDA_TASK_ROOT'), `${file}.mjs`)).href);
  if (typeof module[name] === 'function') return module[name];
  throw Object.assign(new Error(`${file}.${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

const contextOf = ({ headers }: Reply): object => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
  functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
  memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
  logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
  logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
  awsRequestId: headers['lambda-runtime-aws-request-id'],
  invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
  getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
});

let complaint = 'init/error';

async function give(errorType: string, thrown: unknown): Promise<void> {
  await ask('POST', complaint, described(thrown, errorType)).catch(() => {});
  process.exit(128);
}
process.on('uncaughtException', (error) => give('Runtime.UncaughtException', error));
process.on('unhandledRejection', (error) => give('Runtime.UnhandledPromiseRejection', error));

async function answer(handler: Handler, work: Reply): Promise<void> {
  const place = `invocation/${work.headers['lambda-runtime-aws-request-id']}`;
  complaint = `${place}/error`;
  try {
    const payload = JSON.stringify(await handler(JSON.parse(work.body), contextOf(work))) ?? 'null';
    await ask('POST', `${place}/response`, payload);
  } catch (error) {
    await ask('POST', complaint, described(error));
  }
}

async function run(): Promise<void> {
  const handler = await load().catch(async (error) => {
    await ask('POST', complaint, described(error));
    process.exit(1);
  });
  for (;;) await answer(handler, await ask('GET', 'invocation/next'));
}

await run();
