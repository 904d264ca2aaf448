import { describe, expect, it } from 'vitest';
import { type Demand, type Plan, planServing, type Work } from '../../../models/plan/plan.ts';
import type { ServingPrices } from '../../../models/plan/prices.ts';
import type { Rates } from '../../../models/plan/rates.ts';

/** Round figures, so that each bill can be reckoned by hand. */
const prices: ServingPrices = {
  region: 'moon',
  asOf: '2026-11',
  lambdaGbSecond: 1e-5,
  lambdaMillionRequests: 1,
  apiMillionRequests: 3,
  s3ThousandWrites: 0.01,
  instanceHour: { 'ml.g4dn.xlarge': 1 },
};
const rates: Rates = {
  lambda: 1e9,
  instance: { 'ml.g4dn.xlarge': 1e12 },
  callMs: { lambda: 0, endpoint: 10, endpointAsync: 2_000 },
  asyncS: { wake: 300, idle: 900 },
  asOf: '2026-11',
};
const work: Work = { multiplyAdds: 1e8, modelBytes: 50e6 };
const demand: Demand = { requestsPerSecond: 1, rowsPerRequest: 1, p99Ms: 500 };
const MONTH = 730 * 3_600;

const at = ({ options }: Plan, place: string) => options.find(({ placement }) => placement === place);

describe('a plan', () => {
  it('says how long a function takes, and what its time costs', () => {
    const [small, double] = planServing(work, demand, prices, rates).options;
    expect(small).toMatchObject({ placement: 'lambda', machine: '1769 MB', latencyMs: 100, p99Ms: 150, fixed: 0 });
    expect(small?.usd).toBeCloseTo(MONTH * (4e-6 + 1e-5 * (1769 / 1024) * 0.1), 9);
    // Twice the memory is twice the speed: the same bill.
    expect(double).toMatchObject({ machine: '3538 MB', latencyMs: 50 });
    expect(double?.usd).toBeCloseTo(small?.usd as number, 9);
  });

  it('says what an endpoint costs whether called or not, and what forwarding to it does', () => {
    const endpoint = at(planServing(work, demand, prices, rates), 'endpoint');
    expect(endpoint).toMatchObject({ placement: 'endpoint', machine: '1 x ml.g4dn.xlarge', fixed: 730 });
    expect(endpoint?.latencyMs).toBeCloseTo(10.1, 9);
    expect(endpoint?.usd).toBeCloseTo(730 + MONTH * (4e-6 + 1e-5 * 0.5 * 0.0101), 9);
  });

  it('has an endpoint of its own sleep where calls are rare, and says that they wait', () => {
    const rare = { ...demand, requestsPerSecond: 1e-5, p99Ms: 600_000 };
    const plan = planServing({ ...work, modelBytes: 4 * 2 ** 30 }, rare, prices, rates);
    const asleep = at(plan, 'endpoint-async');
    expect(asleep).toMatchObject({ machine: '0 to 1 x ml.g4dn.xlarge' });
    expect(asleep?.p99Ms).toBeCloseTo(300_000 + 2 * 2_000.1, 6);
    // An hour of an instance costs a dollar; each call has one up for some 1,200 s.
    expect(asleep?.fixed).toBeGreaterThan((1e-5 * MONTH * 1_150) / 3_600);
    expect(asleep?.fixed).toBeLessThan((1e-5 * MONTH * 1_200) / 3_600);
    expect(asleep?.perRequest).toBeCloseTo(3 * 4e-6 + 9e-5, 12);
    expect(plan.chosen).toBe(asleep);
    const steady = at(planServing(work, demand, prices, rates), 'endpoint-async');
    expect([steady?.fixed, steady?.latencyMs, steady?.unfit]).toEqual([
      730,
      2_000.1,
      'takes 4000 ms where 500 ms are wanted',
    ]);
  });

  it('adds instances before they are busy for more than six tenths of the time', () => {
    const endpoint = (requestsPerSecond: number) =>
      at(planServing(work, { ...demand, requestsPerSecond }, prices, rates), 'endpoint')?.machine;
    expect(endpoint(6_000)).toBe('1 x ml.g4dn.xlarge');
    expect(endpoint(6_001)).toBe('2 x ml.g4dn.xlarge');
  });

  it('chooses the cheapest that is quick enough', () => {
    expect(planServing(work, demand, prices, rates).chosen?.placement).toBe('lambda');
    const hurried = planServing(work, { ...demand, p99Ms: 25 }, prices, rates);
    expect(hurried.chosen?.placement).toBe('endpoint');
    expect(hurried.options[0]?.unfit).toBe('takes 150 ms where 25 ms are wanted');
    expect(planServing(work, { ...demand, p99Ms: 1 }, prices, rates).chosen).toBeUndefined();
  });

  it('breaks even where both bills are the same', () => {
    const { breakEven } = planServing(work, demand, prices, rates);
    const even = planServing(work, { ...demand, requestsPerSecond: breakEven as number }, prices, rates);
    const [lambda, endpoint] = [even.options[0], at(even, 'endpoint')];
    expect(lambda?.usd).toBeCloseTo(endpoint?.usd as number, 6);
  });

  it('never breaks even for a model that is quicker than its way to an endpoint', () => {
    expect(planServing({ ...work, multiplyAdds: 1_000 }, demand, prices, rates).breakEven).toBeUndefined();
  });

  it('leaves models that no function can hold to the endpoint', () => {
    const plan = planServing({ ...work, modelBytes: 4 * 2 ** 30 }, demand, prices, rates);
    expect(plan.options[0]?.unfit).toBe('needs 12638 MB, and a function has 10240 MB at most');
    expect(plan.chosen?.placement).toBe('endpoint');
  });
});
