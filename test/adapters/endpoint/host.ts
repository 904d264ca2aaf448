import { type EndpointOptions, endpointInvoke } from '../../../adapters/endpoint/endpoint.ts';
import { endpointPredictor } from '../../../adapters/endpoint/endpoint-predictor.ts';
import { sagemakerEndpoint } from '../../../adapters/endpoint/sagemaker.ts';
import { batched } from '../../../infra/local/endpoint-host/batcher.ts';
import { startEndpointHost } from '../../../infra/local/endpoint-host/host.ts';
import type { Fault } from '../../../infra/local/endpoint-host/misbehaviour.ts';
import { modelPool } from '../../../infra/local/endpoint-host/model-pool.ts';
import type { TritonModel } from '../../../infra/local/endpoint-host/triton.ts';
import { inspect } from '../../../models/formats/inspect.ts';
import { nativePredictor } from '../../../models/native.ts';

/** Two inputs, and answers that tell rows apart: 3 a - 2 b + 1. */
const plane = {
  modeldrop: 1,
  kind: 'linear',
  features: ['a', 'b'],
  parameters: { coefficients: [[3, -2]], intercept: [1] },
};
const bytes = new TextEncoder().encode(JSON.stringify(plane));
const predictor = nativePredictor(inspect({ name: 'model.json', bytes }).model);
const never = new AbortController().signal;

const ENDPOINT = 'modeldrop-gpu';
const [TARGET, NEIGHBOUR] = ['a', 'b'].map((digit) => `${digit.repeat(64)}.tar.gz`) as [string, string];

/** The endpoint host with one model, and a predictor that reaches it over HTTP. */
export async function hostedPlane(options: Partial<EndpointOptions> = {}) {
  const batches: number[] = [];
  const run = batched(
    (inputs) => {
      batches.push(inputs.get('input')?.shape[0] ?? 0);
      return predictor.predict(inputs, never);
    },
    { rows: 64, delayMs: 2 },
  );
  const model: TritonModel = { name: 'plane', signature: predictor.signature, run };
  const pool = modelPool(async (target) => {
    if (target !== TARGET && target !== NEIGHBOUR) throw new Error('there is no such artifact');
    return { model, bytes: 1, close: async () => {} };
  }, 100);
  const host = await startEndpointHost({ host: '127.0.0.1', port: 0, endpoints: [ENDPOINT], pool, mayMisbehave: true });
  const sagemaker = sagemakerEndpoint({ endpoint: ENDPOINT, url: new URL(host.url) });
  const invoke = endpointInvoke({
    endpoint: ENDPOINT,
    invoke: sagemaker.invoke,
    now: () => performance.now(),
    deadlineMs: 400,
    retry: { tries: 3, shortestMs: 1, longestMs: 4, draw: () => 0.5 },
    restMs: 150,
    ...options,
  });
  const of = (target: string) =>
    endpointPredictor({ signature: predictor.signature, endpoint: ENDPOINT, target }, invoke);
  return {
    url: host.url,
    batches,
    predictor: of(TARGET),
    /** Another model of the same endpoint, and one that it does not have. */
    neighbour: of(NEIGHBOUR),
    stranger: of('other.tar.gz'),
    async tell(fault: Fault, times = 1) {
      await fetch(`${host.url}/misbehave`, { method: 'POST', body: JSON.stringify({ fault, times }) });
    },
    async close() {
      sagemaker.close();
      await host.close();
    },
  };
}
