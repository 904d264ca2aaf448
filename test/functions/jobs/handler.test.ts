import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesStore } from '../../../adapters/store/files.ts';
import { s3Store } from '../../../adapters/store/s3.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { MAX_BODY_BYTES, MAX_RESULT_BYTES } from '../../../functions/http/limits.ts';
import { JobNotDone, jobsFunction } from '../../../functions/jobs/handler.ts';
import { TAKES, WAIT_MS } from '../../../models/prediction-job.ts';
import { temporaryHome } from '../../journey/running-platform.ts';
import { memoryStore } from '../../memory-store.ts';
import { type Moto, startMoto } from '../../moto.ts';
import { declaredBy } from '../declared.ts';
import { contextOf, type House, openHouse } from '../house.ts';
import { knownModels } from '../models.ts';

const LEASE_MS = 60_000;
const { line } = knownModels;
const request = { instances: line.rows };

type Predict = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
interface Shown {
  readonly id: string;
  readonly state: string;
  readonly error?: string;
  readonly result?: { readonly path: string; readonly bytes: number; readonly version: number };
}

let house: House;
let queue: string[];
let predict: Predict;

beforeEach(async () => {
  queue = [];
  house = await openHouse(['line'], { enqueue: async (job) => void queue.push(job) });
  predict = (event) => house.process.predict(event, contextOf());
});

const jobsOver = (registry: Store, through: Predict) =>
  jobsFunction({ registry, predict: through, leaseMs: LEASE_MS, now: () => house.now, log: house.log });

/** Starts the function on a job, once. @returns whether it is done; otherwise Lambda starts it again */
async function run(job: string, through: Predict = (event) => predict(event), registry: Store = house.registry) {
  try {
    await jobsOver(registry, through)({ job }, contextOf());
    return true;
  } catch (error) {
    if (error instanceof JobNotDone) return false;
    throw error;
  }
}

async function create(body: unknown = request, headers: Record<string, string> = {}, key = house.admin) {
  const reply = await house.api({ method: 'POST', path: '/v1/models/line/jobs', body, headers, key });
  return { reply, job: reply.json as Shown };
}

/** What a caller who waits is answered. */
const predictedOf = async (instances: readonly unknown[]): Promise<unknown> =>
  (
    (await house.api({ method: 'POST', path: '/v1/models/line:predict', body: { instances } })).json as {
      predictions: unknown;
    }
  ).predictions;

const look = async (id: string): Promise<Shown> => (await house.api({ path: `/v1/jobs/${id}` })).json as Shown;
const result = (id: string) => house.api({ path: `/v1/jobs/${id}/result` });
const cancel = (id: string) => house.api({ method: 'DELETE', path: `/v1/jobs/${id}` });
const kept = (id: string) => house.registry.list(`jobs/predictions/${id}/`);

describe('a job', () => {
  it('answers what its caller would have been answered, had it waited', async () => {
    const { reply, job } = await create();
    expect(reply.status).toBe(202);
    expect(reply.headers.location).toBe(`/v1/jobs/${job.id}`);
    expect(await look(job.id)).toMatchObject({ id: job.id, model: 'line', state: 'queued' });
    expect(queue).toEqual([job.id]);
    expect(await run(job.id)).toBe(true);
    const path = `/v1/jobs/${job.id}/result`;
    expect(await look(job.id)).toMatchObject({ state: 'succeeded', result: { path, version: 1 } });
    const answer = await result(job.id);
    const waited = await house.api({ method: 'POST', path: '/endpoints/line/invocations', body: request });
    expect(answer.text).toBe(waited.text);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['x-modeldrop-version']).toBe('1');
    const { predictions } = answer.json as { predictions: number[] };
    expect(predictions.length).toBe(line.predictions.length);
    for (const [i, expected] of line.predictions.entries()) expect(predictions[i]).toBeCloseTo(expected, 9);
  });

  it('takes CSV and binary tensors, and answers in kind', async () => {
    const csv = line.rows.map((row) => row.join(',')).join('\n');
    const { job } = await create(csv, { 'content-type': 'text/csv' });
    await run(job.id);
    expect(await look(job.id)).toMatchObject({ state: 'succeeded' });
    const bytes = new Uint8Array(new Float64Array([2, 3]).buffer);
    const raw = { 'inference-header-content-length': '0', 'content-type': 'application/octet-stream' };
    const { job: binary } = await create(bytes, raw);
    await run(binary.id);
    const waited = await house.api({ method: 'POST', path: '/v2/models/line/infer', body: bytes, headers: raw });
    const answer = await result(binary.id);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(waited.headers['content-type']);
    expect((answer.json as { outputs: unknown }).outputs).toEqual((waited.json as { outputs: unknown }).outputs);
  });

  it('whose result is more than Lambda carries says where it lies', { timeout: 20_000 }, async () => {
    const rows = Array.from({ length: 400_000 }, (_, i) => i % 7);
    const { job } = await create({ instances: rows });
    await run(job.id, (event) => house.another({ maxBytes: MAX_RESULT_BYTES }).predict(event, contextOf()));
    const { result: found } = await look(job.id);
    expect(found?.bytes).toBeGreaterThan(MAX_BODY_BYTES);
    const answer = await result(job.id);
    expect([answer.status, answer.text, answer.headers['x-modeldrop-version']]).toEqual([303, '', '1']);
    const key = `jobs/predictions/${job.id}/result-1`;
    expect(answer.headers.location).toBe(
      `https://registry.example/${key}?response-content-type=${encodeURIComponent('application/json')}`,
    );
    const { bytes } = (await house.registry.read(key)) as { bytes: Uint8Array };
    expect(bytes.length).toBe(found?.bytes);
    const { predictions } = JSON.parse(Buffer.from(bytes).toString()) as { predictions: number[] };
    const seven = (await predictedOf(rows.slice(0, 7))) as number[];
    expect(predictions).toEqual(rows.map((x) => seven[x]));
    (await declaredBy(house))(answer);
  });

  it('keeps its request no longer than until its end', async () => {
    const { job } = await create();
    expect((await kept(job.id)).filter((path) => path.includes('request-'))).toHaveLength(1);
    await run(job.id);
    expect(await kept(job.id)).toEqual([`jobs/predictions/${job.id}/job.json`, `jobs/predictions/${job.id}/result-1`]);
  });

  it('fails with the words that its caller would have read', async () => {
    const { job } = await create({ instances: [['a']] });
    await run(job.id);
    const waited = await house.api({
      method: 'POST',
      path: '/endpoints/line/invocations',
      body: { instances: [['a']] },
    });
    expect(await look(job.id)).toMatchObject({ state: 'failed', error: (waited.json as { error: string }).error });
    const answer = await result(job.id);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('is failed');
    expect((await kept(job.id)).length).toBe(1);
  });

  it('has no result before its end, and says so', async () => {
    const { job } = await create();
    const answer = await result(job.id);
    expect([answer.status, answer.text.includes('is queued')]).toEqual([409, true]);
  });

  it('is refused where there is nothing to predict, or no such model', async () => {
    expect((await create('')).reply.status).toBe(400);
    const other = await house.api({ method: 'POST', path: '/v1/models/none/jobs', body: request });
    expect(other.status).toBe(404);
    expect(queue).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const headers = { 'Idempotency-Key': 'order-17' };

  it('makes the same request the same job, whatever its state', async () => {
    const { job } = await create(request, headers);
    expect((await create(request, headers)).job.id).toBe(job.id);
    await run(job.id);
    const again = await create(request, headers);
    expect([again.reply.status, again.job]).toEqual([202, await look(job.id)]);
    expect(again.job.state).toBe('succeeded');
    expect((await kept(job.id)).length).toBe(2);
  });

  it('refuses another request', async () => {
    const { job } = await create(request, headers);
    const other = await create({ instances: [[1]] }, headers);
    expect(other.reply.status).toBe(422);
    expect(other.reply.text).toContain(job.id);
  });

  it('makes one job of requests at once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await create(request, headers)).job.id));
    expect(new Set(ids).size).toBe(1);
  });

  it('belongs to the API key that brings it', async () => {
    const other = await house.key({ scopes: ['predict'] });
    const { job } = await create(request, headers);
    expect((await create(request, headers, other)).job.id).not.toBe(job.id);
  });

  it('must be visible ASCII', async () => {
    expect((await create(request, { 'idempotency-key': 'a b' })).reply.status).toBe(400);
  });

  it('starts the job where the first request could not', async () => {
    const lost = { enqueue: () => Promise.reject(new Error('no queue')) };
    const broken = house.another(lost);
    const first = await house.api({ method: 'POST', path: '/v1/models/line/jobs', body: request, headers }, broken);
    expect([first.status, first.headers['retry-after'], first.text.includes('send it again')]).toEqual([
      503,
      '1',
      true,
    ]);
    const { job } = await create(request, headers);
    expect(queue).toEqual([job.id]);
    await run(job.id);
    expect((await look(job.id)).state).toBe('succeeded');
  });
});

describe('a cancelled job', () => {
  it('is never begun', async () => {
    const { job } = await create();
    const answer = await cancel(job.id);
    expect([answer.status, (answer.json as Shown).state]).toEqual([200, 'cancelled']);
    let asked = 0;
    expect(await run(job.id, (event) => predict(event).finally(() => asked++))).toBe(true);
    expect([asked, (await look(job.id)).state]).toEqual([0, 'cancelled']);
    expect((await kept(job.id)).length).toBe(1);
    expect((await cancel(job.id)).status).toBe(200);
  });

  it('throws away what is computed for it', async () => {
    const { job } = await create();
    const done = await run(job.id, async (event) => {
      const answer = await predict(event);
      expect((await cancel(job.id)).status).toBe(200);
      return answer;
    });
    expect([done, (await look(job.id)).state]).toEqual([true, 'cancelled']);
    expect(await kept(job.id)).toEqual([`jobs/predictions/${job.id}/job.json`]);
  });

  it('cannot be one that has ended', async () => {
    const { job } = await create();
    await run(job.id);
    const answer = await cancel(job.id);
    expect([answer.status, (await look(job.id)).state]).toEqual([409, 'succeeded']);
  });
});

describe('somebody else', () => {
  it('of another tenant, or whose key does not see the model, finds no job', async () => {
    const { job } = await create();
    const strangers = [await house.key({ tenant: 'other' }), await house.key({ models: ['iris'] })];
    for (const key of strangers) {
      for (const [method, path] of [
        ['GET', `/v1/jobs/${job.id}`],
        ['GET', `/v1/jobs/${job.id}/result`],
        ['DELETE', `/v1/jobs/${job.id}`],
      ] as const) {
        expect((await house.api({ method, path, key })).status).toBe(404);
      }
    }
    expect((await house.api({ path: '/v1/jobs/..%2F..%2Fkeys' })).status).toBe(404);
    expect((await look(job.id)).state).toBe('queued');
  });
});

describe('when things go wrong', () => {
  it('a job that is started twice predicts once', async () => {
    const { job } = await create();
    let asked = 0;
    const counted: Predict = (event) => predict(event).finally(() => asked++);
    expect(await run(job.id, counted)).toBe(true);
    expect(await run(job.id, counted)).toBe(true);
    expect(asked).toBe(1);
  });

  it('a job that is started twice at once predicts once, and the second start comes again', async () => {
    const { job } = await create();
    let asked = 0;
    let beside = true;
    await run(job.id, async (event) => {
      asked++;
      beside = await run(job.id, async () => Promise.reject(new Error('not this one')));
      return predict(event);
    });
    expect([asked, beside, (await look(job.id)).state]).toEqual([1, false, 'succeeded']);
  });

  it('a job whose process was killed is taken up once its lease is over', async () => {
    const { job } = await create();
    const killed = run(job.id, () => new Promise(() => {}));
    await expect.poll(async () => (await look(job.id)).state).toBe('running');
    expect(await run(job.id)).toBe(false);
    house.pass(LEASE_MS);
    expect(await run(job.id)).toBe(true);
    expect((await look(job.id)).state).toBe('succeeded');
    void killed;
  });

  it(`a job that kills its process ${TAKES} times fails with words`, async () => {
    const { job } = await create();
    for (let n = 0; n < TAKES; n++) {
      void run(job.id, () => new Promise(() => {}));
      await expect.poll(() => run(job.id)).toBe(false);
      house.pass(LEASE_MS);
    }
    expect(await run(job.id, () => Promise.reject(new Error('never asked')))).toBe(true);
    expect(await look(job.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining(`begun ${TAKES} times`),
    });
    expect((await kept(job.id)).length).toBe(1);
  });

  it('one that comes back late writes over nothing', async () => {
    const { job } = await create();
    const frozen = Promise.withResolvers<void>();
    const late = run(job.id, async (event) => {
      await frozen.promise;
      const answer = await predict(event);
      return { ...answer, body: Buffer.from('late').toString('base64'), isBase64Encoded: true };
    });
    await expect.poll(async () => (await look(job.id)).state).toBe('running');
    house.pass(LEASE_MS);
    await run(job.id);
    const answer = (await result(job.id)).text;
    frozen.resolve();
    await late;
    expect((await result(job.id)).text).toBe(answer);
    expect((await kept(job.id)).length).toBe(2);
  });

  it('what may pass is tried again, and told at last', async () => {
    const { job } = await create();
    const busy: Predict = async () => ({ statusCode: 503, body: '{"error":"no capacity"}' });
    expect(await run(job.id, busy)).toBe(false);
    expect((await look(job.id)).state).toBe('queued');
    for (let n = 1; n < TAKES; n++) await run(job.id, busy);
    expect(await look(job.id)).toMatchObject({ state: 'failed', error: 'no capacity' });
  });

  it('a prediction ends before the function does, so that its end is told', async () => {
    const { job } = await create();
    let left = 0;
    house.registry.before = (question) => (question.startsWith('read blobs/') ? new Promise(() => {}) : undefined);
    const jobs = jobsFunction({
      registry: house.registry,
      predict: (event, context) => {
        left = context.getRemainingTimeInMillis();
        return house.process.predict(event, { ...context, getRemainingTimeInMillis: () => 300 });
      },
      leaseMs: LEASE_MS,
      now: () => house.now,
      log: house.log,
    });
    await jobs({ job: job.id }, contextOf());
    expect(left).toBe(contextOf().getRemainingTimeInMillis() - 5_000);
    expect(await look(job.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('did not end in time'),
    });
  });

  it('what has passed does no harm', async () => {
    const { job } = await create();
    expect(await run(job.id, () => Promise.reject(new Error('ended by Lambda')))).toBe(false);
    expect(await run(job.id)).toBe(true);
    expect((await look(job.id)).state).toBe('succeeded');
  });

  it('a model that was deleted meanwhile is said to be gone', async () => {
    const { job } = await create();
    await house.api({ method: 'DELETE', path: '/v1/models/line' });
    house.pass(60_000);
    expect(await run(job.id)).toBe(true);
    expect(await look(job.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('does not exist') });
  });

  it('a result that is larger than any may be fails with the limit', async () => {
    const { job } = await create({ instances: Array.from({ length: 1_000 }, (_, i) => i / 7) });
    expect(await run(job.id, (event) => house.another({ maxBytes: 999 }).predict(event, contextOf()))).toBe(true);
    expect(await look(job.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('at most 999 bytes') });
  });

  it('a start that names no job is refused, and looks at nothing', async () => {
    const jobs = jobsOver(house.registry, predict);
    for (const request of [undefined, null, '{', {}, { job: '../keys' }, { job: 5 }, { Records: [] }]) {
      await expect(jobs(request, contextOf())).rejects.toThrow('the request must be {"job": id}');
    }
  });

  it('a store that fails is tried again, and its words are not told', async () => {
    const { job } = await create();
    house.registry.down = true;
    const failing = jobsOver(house.registry, predict)({ job: job.id }, contextOf());
    await expect(failing).rejects.toThrow(`job ${job.id} is not at its end`);
    house.registry.down = false;
    expect([await run(job.id), (await look(job.id)).state]).toEqual([true, 'succeeded']);
  });

  it('a job whose last take was killed reads as failed once its lease is over, though nobody comes back to it', async () => {
    const { job } = await create();
    for (let n = 0; n < TAKES; n++) {
      void run(job.id, () => new Promise(() => {}));
      await expect.poll(() => run(job.id)).toBe(false);
      expect((await look(job.id)).state).toBe('running');
      house.pass(LEASE_MS);
    }
    const failed = { state: 'failed', error: expect.stringContaining(`begun ${TAKES} times`) };
    expect(await look(job.id)).toMatchObject(failed);
    expect((await cancel(job.id)).text).toContain('is failed; there is nothing left to cancel');
    expect((await result(job.id)).status).toBe(409);
    expect(await look(job.id)).toMatchObject(failed);
  });

  it('a job that nobody took up in time reads as failed, and is not begun any more', async () => {
    const { job } = await create(request, { 'idempotency-key': 'late' });
    house.pass(WAIT_MS - 1);
    expect((await look(job.id)).state).toBe('queued');
    house.pass(1);
    const failed = { state: 'failed', error: expect.stringContaining('within 6 hours') };
    expect(await look(job.id)).toMatchObject(failed);
    expect((await create(request, { 'idempotency-key': 'late' })).job).toMatchObject(failed);
    expect(queue).toHaveLength(1);
    expect(await run(job.id, () => Promise.reject(new Error('never asked')))).toBe(true);
    expect(await look(job.id)).toMatchObject(failed);
    expect(await kept(job.id)).toEqual([`jobs/predictions/${job.id}/job.json`]);
  });

  it('a last take that ends after its lease changes nothing: a job that was seen failed stays so', async () => {
    const { job } = await create();
    const frozen = Promise.withResolvers<void>();
    for (let n = 1; n < TAKES; n++) await run(job.id, () => Promise.reject(new Error('ended')));
    const late = run(job.id, (event) => frozen.promise.then(() => predict(event)));
    await expect.poll(async () => (await look(job.id)).state).toBe('running');
    house.pass(LEASE_MS);
    expect((await look(job.id)).state).toBe('failed');
    frozen.resolve();
    expect([await late, (await look(job.id)).state]).toEqual([true, 'failed']);
    expect(await kept(job.id)).toEqual([`jobs/predictions/${job.id}/job.json`]);
  });

  it('a start without a job is done', async () => {
    expect(await run('0'.repeat(32))).toBe(true);
  });
});

describe.each(['memory', 'files', 's3'] as const)('over a store of %s', (kind) => {
  const cleanups: (() => Promise<void>)[] = [];
  let moto: Moto | undefined;
  let store: Store | undefined;

  beforeAll(async () => {
    if (kind === 'memory') store = memoryStore();
    if (kind === 'files') store = filesStore(await temporaryHome(cleanups));
    if (kind === 's3') {
      moto = await startMoto();
      store = moto && s3Store({ bucket: await moto.bucket(), client: moto.s3() });
    }
  });
  afterAll(async () => {
    await moto?.stop();
    for (const cleanup of cleanups) await cleanup();
  });

  it('of eight takers at once one predicts, and one result is there', async ({ skip }) => {
    if (store === undefined) return skip();
    const { job } = await create();
    for (const path of await kept(job.id)) {
      await store.create(path, (await house.registry.read(path))?.bytes as Uint8Array);
    }
    const registry = store;
    let asked = 0;
    const counted: Predict = (event) => {
      asked += 1;
      return predict(event);
    };
    await Promise.all(Array.from({ length: 8 }, () => run(job.id, counted, registry)));
    expect(asked).toBe(1);
    expect(await run(job.id, counted, registry)).toBe(true);
    expect(await registry.list(`jobs/predictions/${job.id}/`)).toEqual([
      `jobs/predictions/${job.id}/job.json`,
      `jobs/predictions/${job.id}/result-1`,
    ]);
  });
});
