/**
 * Cold starts of authorize and predict beside a handler that does nothing, and one that only hashes a word and reads one
 * object: the least that an authorizer can do. Each in a process of its own, from the process's beginning to the first
 * answer, with a stand-in for S3 on loopback. Medians, and ratios to the empty handler.
 * Run: npm run bench:cold
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { memoryCounter } from '../adapters/meter/counter.ts';
import { openInRuntime } from '../adapters/onnx/runtime.ts';
import { createKey } from '../adapters/registry/keys.ts';
import { filesStore } from '../adapters/store/files.ts';
import { bundle, bundling } from '../infra/aws/constructs/bundle.ts';
import { bringExamples } from '../infra/local/bring-examples.ts';
import { fromSource } from '../infra/local/child-program.ts';
import { localFunctions } from '../infra/local/functions.ts';
import { verifyEntry } from '../infra/local/verify/verify-process.ts';
import { cannedS3 } from './canned-s3.ts';
import { diagnosisRow } from './row.ts';
import type { ColdStart } from './sandbox.ts';
import { table } from './table.ts';

const RUNS = Number(process.argv[2] ?? 20);
const SECRET = 'bench-key';
const VERBS = ['empty', 'one read', 'authorize', 'predict'] as const;
type Verb = (typeof VERBS)[number];

const home = await mkdtemp(join(tmpdir(), 'modeldrop-cold-'));
const registry = filesStore(join(home, 'registry'));

async function fillRegistry(): Promise<void> {
  const inbox = filesStore(home);
  const presign = () => Promise.reject(new Error('not here'));
  const { deployBy } = localFunctions({
    registry,
    inbox,
    train: presign,
    presign,
    presignRequest: presign,
    enqueue: presign,
    presignResult: presign,
    openOnnx: openInRuntime(),
    endpoint: { name: 'none', invoke: presign },
    counter: memoryCounter(),
    shadow: () => false,
    release: 'bench',
  });
  const grant = { name: 'bench', tenant: 'default', scopes: ['predict' as const], models: ['*'] };
  await createKey(registry, SECRET, grant, { at: '', by: '' });
  const prover = Promise.resolve(fromSource(verifyEntry));
  await bringExamples({ home, registry, inbox, prover, deployBy, progress: () => {} });
}

const bundleOf = (verb: Verb): string => join(home, verb, 'index.mjs');
const sandbox = join(home, 'sandbox.mjs');

async function bundleAll(): Promise<void> {
  await build({ ...bundling, entryPoints: [join(import.meta.dirname, 'sandbox.ts')], outfile: sandbox });
  for (const verb of ['empty', 'one read'] as const) {
    await mkdir(join(home, verb));
    await writeFile(bundleOf(verb), leastHandlers[verb]);
  }
  for (const verb of ['authorize', 'predict'] as const) bundle(verb, join(home, verb));
}

const leastHandlers = {
  empty: 'export const handler = async () => ({ statusCode: 200 });',
  'one read': `
    import { createHash } from 'node:crypto';
    const http = process.getBuiltinModule('node:http');
    const url = process.env.AWS_ENDPOINT_URL_S3 + '/registry/channels/diagnosis.json';
    const read = (url) => new Promise((resolve, reject) =>
      http.get(url, (answer) => answer.on('data', () => {}).on('end', resolve)).on('error', reject));
    export const handler = async () => {
      createHash('sha256').update(url).digest('hex');
      await read(url);
      return { statusCode: 200 };
    };`,
} as const;

const headers = { Authorization: `Bearer ${SECRET}`, 'Content-Type': 'application/json' };
const authorizer = { key: 'bench', tenant: 'default', scopes: 'predict', models: '*' };
const infer = { inputs: [{ name: 'input', shape: [1, diagnosisRow.length], datatype: 'FP64', data: diagnosisRow }] };

const events: Readonly<Record<Verb, unknown>> = {
  empty: {},
  'one read': {},
  authorize: { httpMethod: 'POST', headers, methodArn: 'arn' },
  predict: {
    resource: '/v2/models/{model}/infer',
    path: '/v2/models/diagnosis/infer',
    httpMethod: 'POST',
    headers,
    queryStringParameters: null,
    requestContext: { requestId: 'bench', authorizer },
    body: Buffer.from(JSON.stringify(infer)).toString('base64'),
    isBase64Encoded: true,
  },
};

const answered: Readonly<Record<Verb, RegExp>> = {
  empty: /200/,
  'one read': /200/,
  authorize: /"Effect":"Allow"/,
  predict: /"statusCode":200,.*diagnosis/,
};

const run = promisify(execFile);

async function coldStart(verb: Verb, endpoint: string): Promise<ColdStart> {
  const env = {
    AWS_REGION: 'eu-north-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_S3: endpoint,
    MODELDROP_RELEASE: 'bench',
    MODELDROP_REGISTRY_BUCKET: 'registry',
    MODELDROP_METER_KEYS: '{}',
  };
  const { stdout } = await run(process.execPath, [sandbox, bundleOf(verb), JSON.stringify(events[verb])], { env });
  const figures = JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as ColdStart;
  const answer = JSON.stringify(figures.answer);
  if (!answered[verb].test(answer)) throw new Error(`${verb} answered ${answer}`);
  return figures;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

await fillRegistry();
await bundleAll();
const s3 = await cannedS3(registry);
const starts: Record<Verb, ColdStart[]> = { empty: [], 'one read': [], authorize: [], predict: [] };
// One after the other, in turns: whatever else this machine does meets all of them alike.
for (let i = 0; i <= RUNS; i++) {
  for (const verb of VERBS) {
    const figures = await coldStart(verb, s3.url);
    // The first round warms the disk's cache.
    if (i > 0) starts[verb].push(figures);
  }
}

const medianOf = (verb: Verb, figure: 'cpu' | 'wall' | 'rss') => median(starts[verb].map((start) => start[figure]));
const ratio = (verb: Verb, figure: 'cpu' | 'wall') =>
  `${(medianOf(verb, figure) / medianOf('empty', figure)).toFixed(2)} x`;
const rows = VERBS.map(async (verb) => [
  verb,
  `${((await stat(bundleOf(verb))).size / 1_000).toFixed(0)} kB`,
  `${medianOf(verb, 'cpu').toFixed(0)} ms`,
  ratio(verb, 'cpu'),
  `${medianOf(verb, 'wall').toFixed(0)} ms`,
  ratio(verb, 'wall'),
  `${(medianOf(verb, 'rss') / 2 ** 20).toFixed(0)} MB`,
]);
console.info(
  table(
    [`median of ${RUNS} cold starts`, 'bundle', 'CPU', 'ratio', 'wall', 'ratio', 'memory'],
    await Promise.all(rows),
  ),
);
await s3.close();
await rm(home, { recursive: true, force: true });
