import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AsyncCall, currentTurn } from '../../../adapters/endpoint/async-turn.ts';
import { readJob } from '../../../adapters/registry/prediction-jobs.ts';
import { work } from '../../../functions/jobs/work.ts';
import { WAIT_MS } from '../../../models/prediction-job.ts';
import { memoryStore } from '../../memory-store.ts';
import { type WatchedStore, watchedStore } from '../../watched-store.ts';
import { contextOf, type House, openHouse } from '../house.ts';

const LEASE_MS = 60_000;
const busy: APIGatewayProxyResult = { statusCode: 503, body: '{"error":"asked"}' };

type Predict = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

let house: House;
let answers: WatchedStore;
let calls: AsyncCall[];

beforeEach(async () => {
  house = await openHouse(['line']);
  [answers, calls] = [watchedStore(memoryStore()), []];
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Puts an input where endpoints fetch it, as a prediction in its first turn does. */
async function ask(endpoint = 'slow'): Promise<AsyncCall> {
  const n = calls.length;
  const call = { endpoint, input: `inputs/${n}`, output: `outputs/${n}.out`, failure: `failures/${n}.out` };
  calls.push(call);
  await answers.create(call.input, bytes('input'));
  return call;
}

/** The model in two turns: the endpoint is asked, and then answers. */
const slowly: Predict = async (event) => {
  const turn = currentTurn();
  if (turn?.answer?.endpoint === 'slow') return house.process.predict(event, contextOf());
  if (turn) turn.asked = await ask();
  return busy;
};

const run = (job: string, predict: Predict = slowly) =>
  work({ registry: house.registry, predict, answers, leaseMs: LEASE_MS, now: () => house.now }, job);

const create = async (): Promise<string> =>
  (
    (await house.api({ method: 'POST', path: '/v1/models/line/jobs', body: { instances: [[1]] } })).json as {
      id: string;
    }
  ).id;
const cancel = async (id: string) =>
  expect((await house.api({ method: 'DELETE', path: `/v1/jobs/${id}` })).status).toBe(200);
const stateOf = async (id: string) => (await readJob(house.registry, id))?.state;
const kept = async (id: string) =>
  (await house.registry.list(`jobs/predictions/${id}/`)).map((path) => path.slice(path.lastIndexOf('/') + 1));
const answered = (n = 0) => answers.create(`outputs/${n}.out`, bytes('output'));

describe('a job of an asynchronous endpoint', () => {
  it('leaves its result, and nothing of what was asked and answered', async () => {
    const id = await create();
    expect(await run(id)).toBe(false);
    expect(await answers.list('')).toEqual(['inputs/0']);
    await answered();
    expect([await run(id), await stateOf(id)]).toEqual([true, 'succeeded']);
    expect([await answers.list(''), await kept(id)]).toEqual([[], ['job.json', 'result-1']]);
  });

  it('is written once it is answered, and not at every look', async () => {
    const id = await create();
    await run(id);
    const asked = house.registry.asked.length;
    for (let looks = 0; looks < 5; looks++) expect(await run(id)).toBe(false);
    expect(house.registry.asked.slice(asked)).toEqual(Array(5).fill(`read jobs/predictions/${id}/job.json`));
  });

  it('that fails leaves nothing', async () => {
    const id = await create();
    await run(id);
    await answers.create('failures/0.out', bytes('no such layer'));
    expect([await run(id), await stateOf(id)]).toEqual([true, 'failed']);
    expect([await answers.list(''), await kept(id)]).toEqual([[], ['job.json']]);
  });

  it('that was cancelled while its endpoint works leaves nothing', async () => {
    const id = await create();
    await run(id);
    await cancel(id);
    await answered();
    expect(await run(id)).toBe(true);
    expect([await answers.list(''), await kept(id)]).toEqual([[], ['job.json']]);
  });

  it('that was cancelled while its endpoint is asked leaves nothing', async () => {
    const id = await create();
    await run(id, async (event) => {
      const answer = await slowly(event);
      await cancel(id);
      return answer;
    });
    expect(await answers.list('')).toEqual([]);
    expect([await run(id), await kept(id)]).toEqual([true, ['job.json']]);
  });

  it('that is not answered in time leaves nothing', async () => {
    const id = await create();
    await run(id);
    house.pass(WAIT_MS);
    expect([await run(id), await stateOf(id)]).toEqual([true, 'failed']);
    expect([await answers.list(''), await kept(id)]).toEqual([[], ['job.json']]);
  });

  it('whose model has a new version meanwhile asks that one, and forgets what the old one was asked', async () => {
    const id = await create();
    await run(id);
    await answered();
    await run(id, async () => {
      const turn = currentTurn();
      if (turn) turn.asked = await ask('newer');
      return busy;
    });
    expect((await readJob(house.registry, id))?.asked).toEqual(calls[1]);
    expect(await answers.list('')).toEqual(['inputs/1']);
  });

  it('whose answer can not be read is asked anew, and nothing of the first is left', async () => {
    const id = await create();
    await run(id);
    await answered();
    expect(await run(id, async () => ({ statusCode: 502, body: '{"error":"unreadable"}' }))).toBe(false);
    expect([await stateOf(id), await answers.list('')]).toEqual(['queued', []]);
  });

  it('whose take was killed is taken again, and a take that comes back late leaves nothing', async () => {
    const id = await create();
    const frozen = Promise.withResolvers<void>();
    const late = run(id, async (event) => {
      const answer = await slowly(event);
      await frozen.promise;
      return answer;
    });
    await expect.poll(() => calls.length).toBe(1);
    house.pass(LEASE_MS);
    expect(await run(id)).toBe(false);
    frozen.resolve();
    expect(await late).toBe(false);
    expect((await readJob(house.registry, id))?.asked).toEqual(calls[1]);
    expect(await answers.list('')).toEqual(['inputs/1']);
  });

  it('of which an earlier take has left a result ends with its own alone', async () => {
    const id = await create();
    void run(id, async () => {
      await house.registry.create(`jobs/predictions/${id}/result-1`, bytes('killed before it was told of'));
      return new Promise(() => {});
    });
    await expect.poll(() => kept(id)).toContain('result-1');
    house.pass(LEASE_MS);
    await run(id);
    await answered();
    await run(id);
    expect(await kept(id)).toEqual(['job.json', 'result-2']);
  });
});

describe('a take that lasts longer than its lease', () => {
  it('keeps its job for as long as it works, and no other is begun beside it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const id = await create();
      const finish = Promise.withResolvers<void>();
      const slow = run(id, async (event) => {
        await finish.promise;
        return house.process.predict(event, contextOf());
      });
      await expect.poll(() => stateOf(id)).toBe('running');
      const until = async () => (await readJob(house.registry, id))?.heldUntil as number;
      for (let leases = 0; leases < 3; leases += 0.5) {
        const before = await until();
        house.pass(LEASE_MS / 2);
        vi.advanceTimersByTime(LEASE_MS / 2);
        await expect.poll(until).toBeGreaterThan(before);
        expect(await run(id, () => Promise.reject(new Error('begun beside it')))).toBe(false);
      }
      finish.resolve();
      expect([await slow, await stateOf(id), (await readJob(house.registry, id))?.takes]).toEqual([
        true,
        'succeeded',
        1,
      ]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
