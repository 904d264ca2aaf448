import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Configuration } from './lambda-runtime/configuration.ts';
import { type LambdaPool, lambdaPool } from './lambda-runtime/pool.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const configuration: Configuration = {
  name: 'probe',
  handler: 'index.handler',
  memoryMegabytes: 256,
  timeoutSeconds: 3,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'ASIAPROBE', secretAccessKey: 'secret', sessionToken: 'token' },
  environment: { OF_ITS_OWN: 'yes' },
};

/** A function of this code. */
async function functionOf(code: string, overrides: Partial<Configuration> = {}): Promise<LambdaPool> {
  const folder = await mkdtemp(join(tmpdir(), 'probe-'));
  await writeFile(join(folder, 'index.mjs'), code);
  const pool = await lambdaPool({ code: { folder }, configuration: { ...configuration, ...overrides } });
  cleanups.push(() => rm(folder, { recursive: true }), pool.close);
  return pool;
}

test('a sandbox is initialized once for many invocations', async () => {
  const { invoke, size } = await functionOf(`
    let calls = 0;
    export const handler = async ({ add }) => ({ calls: (calls += add) });
  `);
  const first = await invoke({ add: 1 });
  expect(first).toMatchObject({ payload: { calls: 1 }, initMs: expect.any(Number) });
  const second = await invoke({ add: 1 });
  expect(second).toMatchObject({ payload: { calls: 2 }, frozenMs: expect.any(Number) });
  expect(second.initMs).toBeUndefined();
  expect(size()).toBe(1);
});

test('each of several requests at once has a sandbox of its own', async () => {
  const { invoke, size } = await functionOf(`
    let busy = 0;
    export const handler = async () => {
      busy += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { busy: busy--, pid: process.pid };
    };
  `);
  const outcomes = await Promise.all([invoke({}), invoke({}), invoke({})]);
  const payloads = outcomes.map(({ payload }) => payload as { busy: number; pid: number });
  expect(payloads.map(({ busy }) => busy)).toEqual([1, 1, 1]);
  expect(new Set(payloads.map(({ pid }) => pid)).size).toBe(3);
  expect(size()).toBe(3);
  await invoke({});
  expect(size()).toBe(3);
});

test('between invocations nothing runs: timers stand still, and go on after a thaw', async () => {
  const { invoke } = await functionOf(`
    let ticks = 0;
    setInterval(() => { ticks += 1; }, 10);
    export const handler = async ({ forMs }) => {
      const before = ticks;
      await new Promise((resolve) => setTimeout(resolve, forMs));
      return { before, after: ticks };
    };
  `);
  const { payload: first } = await invoke({ forMs: 200 });
  await sleep(1_000);
  const { payload: second, frozenMs } = await invoke({ forMs: 200 });
  const [{ after }, { before, after: later }] = [first, second] as { before: number; after: number }[];
  expect(frozenMs).toBeGreaterThan(900);
  expect(after).toBeGreaterThan(5);
  expect(before - after).toBeLessThan(5);
  expect(later - before).toBeGreaterThan(5);
});

test('what takes too long is killed, and the next request gets a new sandbox', async () => {
  const { invoke, size } = await functionOf(
    `let calls = 0;
    export const handler = async ({ hang }) => {
      calls += 1;
      if (hang) for (;;);
      return calls;
    };`,
    { timeoutSeconds: 1 },
  );
  expect((await invoke({})).payload).toBe(1);
  const { payload, functionError } = await invoke({ hang: true });
  expect(functionError).toBe('Unhandled');
  expect(payload).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
  });
  expect(size()).toBe(0);
  expect(await invoke({})).toMatchObject({ payload: 1, initMs: expect.any(Number) });
});

test('the handler is told how much time is left', async () => {
  const { invoke } = await functionOf(`
    export const handler = async (event, context) => context.getRemainingTimeInMillis();
  `);
  const { payload } = await invoke({});
  expect(payload).toBeGreaterThan(2_000);
  expect(payload).toBeLessThanOrEqual(3_000);
});

test('an error is told by its type, message and trace, and the sandbox lives on', async () => {
  const { invoke, size } = await functionOf(`
    export const handler = async () => { throw new RangeError('too far'); };
  `);
  expect(await invoke({})).toMatchObject({
    functionError: 'Unhandled',
    payload: {
      errorType: 'RangeError',
      errorMessage: 'too far',
      trace: expect.arrayContaining(['RangeError: too far']),
    },
  });
  expect(await invoke({})).toMatchObject({ frozenMs: expect.any(Number) });
  expect(size()).toBe(1);
});

test.each([
  ['process.exit(3)', 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
  ['process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})', 'Runtime.ExitError', /signal: segmentation/],
  ['process.exit(0)', 'Runtime.ExitError', /Runtime exited without providing a reason$/],
  [
    'setTimeout(() => { throw new Error("later"); }); await new Promise(() => {})',
    'Runtime.UncaughtException',
    /later/,
  ],
  ['Promise.reject(new Error("lost")); await new Promise(() => {})', 'Runtime.UnhandledPromiseRejection', /lost/],
])('a crash by %s is reported, and the next request gets a new sandbox', async (crash, errorType, errorMessage) => {
  const { invoke } = await functionOf(`export const handler = async ({ crash }) => { if (crash) { ${crash} } };`);
  expect(await invoke({ crash: true })).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType, errorMessage: expect.stringMatching(errorMessage) },
  });
  expect(await invoke({})).toMatchObject({ payload: null, initMs: expect.any(Number) });
});

test.each([
  ["throw new Error('no start')", { errorType: 'Error', errorMessage: 'no start' }],
  ['export const other = 1', { errorType: 'Runtime.HandlerNotFound' }],
  ['process.exit(4)', { errorType: 'Runtime.ExitError' }],
])('an init that fails by %s is reported with every invocation', async (code, payload) => {
  const { invoke, size } = await functionOf(code);
  for (let i = 0; i < 2; i++) expect(await invoke({})).toMatchObject({ functionError: 'Unhandled', payload });
  expect(size()).toBe(0);
});

test.each([
  ['its heap', 'const all = []; for (;;) all.push(new Array(1e5).fill(all.length));', /ExitError|OutOfMemory/],
  ['buffers', 'const all = []; for (;;) { all.push(Buffer.alloc(1e7, 1)); await null; }', /OutOfMemory/],
])('a function that outgrows its memory by %s is ended', { timeout: 20_000 }, async (_, code, errorType) => {
  const { invoke } = await functionOf(`export const handler = async ({ grow }) => { if (grow) { ${code} } };`, {
    memoryMegabytes: 128,
    timeoutSeconds: 15,
  });
  expect(await invoke({ grow: true })).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: expect.stringMatching(errorType) },
  });
  expect(await invoke({})).toMatchObject({ payload: null });
});

test('the environment is Lambda’s and the function’s, and nothing of this machine', async () => {
  const { invoke, logs } = await functionOf(`
    console.log('started');
    export const handler = async () => process.env;
  `);
  const { payload } = await invoke({});
  expect(logs()).toContain('started');
  expect(payload).toMatchObject({
    OF_ITS_OWN: 'yes',
    _HANDLER: 'index.handler',
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: 'probe',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_ACCESS_KEY_ID: 'ASIAPROBE',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(payload).not.toHaveProperty('HOME');
  expect(payload).not.toHaveProperty('VITEST');
});
