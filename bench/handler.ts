/**
 * Time of the predict function for one row, event in to response out: logistic regression with 30 features.
 * Run: npm run bench:handler
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import { memoryCounter } from '../adapters/meter/counter.ts';
import { openInRuntime } from '../adapters/onnx/runtime.ts';
import { createKey } from '../adapters/registry/keys.ts';
import { filesStore } from '../adapters/store/files.ts';
import { bringExamples } from '../infra/local/bring-examples.ts';
import { fromSource } from '../infra/local/child-program.ts';
import { localFunctions } from '../infra/local/functions.ts';
import { verifyEntry } from '../infra/local/verify/verify-process.ts';
import { diagnosisRow } from './row.ts';
import { table } from './table.ts';

const SECRET = 'bench-key';
const CALLS = 20_000;
const ROUNDS = 5;

const home = await mkdtemp(join(tmpdir(), 'modeldrop-bench-'));
const [registry, inbox] = [filesStore(join(home, 'registry')), filesStore(home)];
const functions = localFunctions({
  registry,
  inbox,
  counter: memoryCounter(),
  shadow: () => false,
  train: () => Promise.reject(new Error('not here')),
  presign: () => Promise.reject(new Error('not here')),
  presignRequest: () => Promise.reject(new Error('not here')),
  enqueue: async () => {},
  presignResult: () => Promise.reject(new Error('not here')),
  openOnnx: openInRuntime(),
  endpoint: { name: 'none', invoke: () => Promise.reject(new Error('not here')) },
  release: 'bench',
});
await createKey(
  registry,
  SECRET,
  { name: 'bench', tenant: 'default', scopes: ['admin'], models: ['*'] },
  { at: '', by: '' },
);
const prover = Promise.resolve(fromSource(verifyEntry));
await bringExamples({ home, registry, inbox, prover, deployBy: functions.deployBy, progress: () => {} });

const headers = {
  Accept: '*/*',
  Authorization: `Bearer ${SECRET}`,
  'Content-Type': 'application/json',
  Host: '127.0.0.1',
  'User-Agent': 'bench',
};
const { context: authorizer } = await functions.authorize({
  headers,
  methodArn: 'arn',
} as unknown as APIGatewayRequestAuthorizerEvent);
const context = { getRemainingTimeInMillis: () => 29_000 } as Context;

const eventOf = (resource: string, path: string, body: unknown): APIGatewayProxyEvent =>
  ({
    resource,
    path,
    httpMethod: 'POST',
    headers,
    queryStringParameters: null,
    requestContext: { requestId: 'bench', authorizer },
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    isBase64Encoded: true,
  }) as unknown as APIGatewayProxyEvent;

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'predict, v2': () =>
    functions.predict(
      eventOf('/v2/models/{model}/infer', '/v2/models/diagnosis/infer', {
        inputs: [{ name: 'input', shape: [1, diagnosisRow.length], datatype: 'FP64', data: diagnosisRow }],
      }),
      context,
    ),
  'predict, V1': () =>
    functions.predict(
      eventOf('/v1/models/{model}', '/v1/models/diagnosis:predict', { instances: [diagnosisRow] }),
      context,
    ),
  authorize: () => functions.authorize({ headers, methodArn: 'arn' } as unknown as APIGatewayRequestAuthorizerEvent),
};

const rows = [];
for (const [name, call] of Object.entries(calls)) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    for (let i = 0; i < CALLS; i++) await call();
    times.push(((performance.now() - startedAt) / CALLS) * 1_000);
  }
  times.sort((a, b) => a - b);
  rows.push([name, `${times[ROUNDS >> 1]?.toFixed(1)} us`, `${times[0]?.toFixed(1)} us`]);
}
console.info(table(['one row, 30 features', 'median of 5 rounds', 'best'], rows));
await rm(home, { recursive: true, force: true });
