import type { PLACEMENTS } from '../placement.ts';
import { asleep } from './asynchronous.ts';
import type { ServingPrices } from './prices.ts';
import type { Rates } from './rates.ts';
import { timeWords } from './time-words.ts';

/** What a model asks of a machine. */
export interface Work {
  /** For one row. */
  readonly multiplyAdds: number;
  readonly modelBytes: number;
}

/** What its callers ask of it. */
export interface Demand {
  readonly requestsPerSecond: number;
  readonly rowsPerRequest: number;
  /** The 99th percentile that they put up with, in milliseconds. */
  readonly p99Ms: number;
}

/** One place where a model could run. */
export interface Option {
  readonly placement: (typeof PLACEMENTS)[number];
  /** Memory of the function, or the instances. */
  readonly machine: string;
  readonly latencyMs: number;
  readonly p99Ms: number;
  /** A month of 730 hours, in USD: what is paid by the request, and what is paid in any case. */
  readonly perRequest: number;
  readonly fixed: number;
  readonly usd: number;
  /** Why it will not do; absent where it does. */
  readonly unfit?: string;
}

export interface Plan {
  readonly options: readonly Option[];
  /** The cheapest that will do. */
  readonly chosen: Option | undefined;
  /** Requests a second from which the cheapest endpoint costs less than the function; absent where it never does. */
  readonly breakEven: number | undefined;
}

const HOURS = 730;
const SECONDS = HOURS * 3_600;
const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;
/** Memory with which Lambda gives one whole vCPU, and the most that it gives. */
const [VCPU_MB, MOST_MB] = [1_769, 10_240];
/** What the code and ONNX Runtime take, and how often a model lies in memory while it runs. */
const [BASE_MB, COPIES] = [350, 3];
/** Of an instance's time: beyond, callers wait for each other. */
const UTILISATION = 0.6;
/** Of the 99th percentile to the typical time. Cold starts come on top: they are rare where calls are steady. */
const [TAIL_LAMBDA, TAIL_ENDPOINT] = [1.5, 2];
/** The function that forwards to an endpoint waits for it, and is paid for that. */
const FORWARDER_MB = 512;
/** Of a job: it is started, asked for and fetched; taken twice; and written down, with its request, input, answer and result. */
const [JOB_REQUESTS, JOB_TAKES, JOB_WRITES] = [3, 2, 9];

/** Where a model may run, how fast, at what cost. What it reckons with is data: prices, rates. */
export function planServing(work: Work, demand: Demand, prices: ServingPrices, rates: Rates): Plan {
  const functions = functionSizes(work).map((megabytes) => onLambda(work, demand, prices, rates, megabytes));
  const instances = Object.keys(prices.instanceHour).filter((instance) => rates.instance[instance] !== undefined);
  const endpoints = instances.map((instance) => onEndpoint(work, demand, prices, rates, instance));
  const sleepers = instances.map((instance) => onAsyncEndpoint(work, demand, prices, rates, instance));
  const options = [...functions, ...endpoints, ...sleepers];
  const byCost = (a: Option, b: Option): number => a.usd - b.usd;
  const chosen = options.filter(({ unfit }) => unfit === undefined).sort(byCost)[0];
  return { options, chosen, breakEven: breakEvenOf(functions.sort(byCost)[0], endpoints.sort(byCost)[0]) };
}

function functionSizes({ modelBytes }: Work): number[] {
  const least = BASE_MB + (COPIES * modelBytes) / MEGABYTE;
  const sizes = [VCPU_MB, 2 * VCPU_MB, 4 * VCPU_MB].filter((size) => size >= least);
  return sizes.length > 0 ? sizes : [Math.ceil(least)];
}

function onLambda(work: Work, demand: Demand, prices: ServingPrices, rates: Rates, megabytes: number): Option {
  const { multiplyAdds } = work;
  const vcpus = megabytes / VCPU_MB;
  const latencyMs = rates.callMs.lambda + (1e3 * multiplyAdds * demand.rowsPerRequest) / (rates.lambda * vcpus);
  const p99Ms = TAIL_LAMBDA * latencyMs;
  const perRequest = requestCost(prices) + lambdaTime(prices, megabytes, latencyMs);
  const unfit =
    megabytes > MOST_MB ? `needs ${megabytes} MB, and a function has ${MOST_MB} MB at most` : tooSlow(p99Ms, demand);
  return option(
    { placement: 'lambda', machine: `${megabytes} MB`, latencyMs, p99Ms, perRequest, fixed: 0, unfit },
    demand,
  );
}

function onEndpoint(work: Work, demand: Demand, prices: ServingPrices, rates: Rates, instance: string): Option {
  const { perCall, count } = callsOn(work, demand, rates, instance);
  const latencyMs = rates.callMs.endpoint + 1e3 * perCall;
  const p99Ms = TAIL_ENDPOINT * latencyMs;
  const perRequest = requestCost(prices) + lambdaTime(prices, FORWARDER_MB, latencyMs);
  const fixed = count * (prices.instanceHour[instance] as number) * HOURS;
  const machine = `${count} x ${instance}`;
  return option(
    { placement: 'endpoint', machine, latencyMs, p99Ms, perRequest, fixed, unfit: tooSlow(p99Ms, demand) },
    demand,
  );
}

/** An endpoint of the model's own, which answers jobs and sleeps between them. */
function onAsyncEndpoint(work: Work, demand: Demand, prices: ServingPrices, rates: Rates, instance: string): Option {
  const { perCall, count } = callsOn(work, demand, rates, instance);
  const { wake, idle } = rates.asyncS;
  const { up, waiting } = asleep(demand.requestsPerSecond, wake, idle);
  const awakeMs = rates.callMs.endpointAsync + 1e3 * perCall;
  const waitedMs = (share: number): number => (waiting > share ? 1e3 * wake : 0);
  const latencyMs = awakeMs + waitedMs(0.5);
  const p99Ms = TAIL_ENDPOINT * awakeMs + waitedMs(0.01);
  const perRequest =
    JOB_REQUESTS * requestCost(prices) +
    (JOB_WRITES / 1e3) * prices.s3ThousandWrites +
    JOB_TAKES * lambdaTime(prices, FORWARDER_MB, rates.callMs.lambda);
  const fixed = up * count * (prices.instanceHour[instance] as number) * HOURS;
  const machine = `0 to ${count} x ${instance}`;
  return option(
    { placement: 'endpoint-async', machine, latencyMs, p99Ms, perRequest, fixed, unfit: tooSlow(p99Ms, demand) },
    demand,
  );
}

/** Seconds that a call takes an instance, and how many instances the calls keep busy. */
function callsOn({ multiplyAdds }: Work, demand: Demand, rates: Rates, instance: string) {
  const perCall = (multiplyAdds * demand.rowsPerRequest) / (rates.instance[instance] as number);
  return { perCall, count: Math.max(1, Math.ceil((demand.requestsPerSecond * perCall) / UTILISATION)) };
}

const requestCost = ({ lambdaMillionRequests, apiMillionRequests }: ServingPrices): number =>
  (lambdaMillionRequests + apiMillionRequests) / 1e6;

const lambdaTime = ({ lambdaGbSecond }: ServingPrices, megabytes: number, ms: number): number =>
  (lambdaGbSecond * (megabytes * MEGABYTE) * ms) / GIGABYTE / 1e3;

const tooSlow = (p99Ms: number, demand: Demand): string | undefined =>
  p99Ms <= demand.p99Ms ? undefined : `takes ${timeWords(p99Ms)} where ${timeWords(demand.p99Ms)} are wanted`;

function option(
  { unfit, ...rest }: Omit<Option, 'usd' | 'unfit'> & { readonly unfit: string | undefined },
  { requestsPerSecond }: Demand,
): Option {
  const usd = rest.fixed + rest.perRequest * requestsPerSecond * SECONDS;
  return { ...rest, usd, ...(unfit !== undefined && { unfit }) };
}

function breakEvenOf(lambda: Option | undefined, endpoint: Option | undefined): number | undefined {
  if (lambda === undefined || endpoint === undefined || lambda.perRequest <= endpoint.perRequest) return undefined;
  return endpoint.fixed / ((lambda.perRequest - endpoint.perRequest) * SECONDS);
}
