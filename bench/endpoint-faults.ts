/**
 * What a caller is told of each thing that an endpoint may do wrong, and after how long: the host misbehaves as it is told
 * to, the predictor has the deadline and the tries that it has in service.
 * Run: npm run bench:faults
 */
import { DEADLINE_MS } from '../adapters/endpoint/endpoint.ts';
import { RETRY } from '../adapters/endpoint/retry.ts';
import { FAULTS } from '../infra/local/endpoint-host/misbehaviour.ts';
import { ModeldropError } from '../models/errors.ts';
import { fp64 } from '../models/tensor.ts';
import { hostedPlane } from '../test/adapters/endpoint/host.ts';
import { table } from './table.ts';

const MANY = 100;
const { signal } = new AbortController();
const inputs = new Map([['input', fp64([1, 2], Float64Array.of(1, 1))]]);
const rows: string[][] = [];

type Hosted = Awaited<ReturnType<typeof hostedPlane>>;

async function measure(name: string, { predictor }: Hosted): Promise<void> {
  const from = performance.now();
  const told = await predictor.predict(inputs, signal).then(
    () => 'the answer',
    (error: unknown) => (error instanceof ModeldropError ? `${error.status} ${error.name}` : String(error)),
  );
  rows.push([name, told, `${(performance.now() - from).toFixed(0)} ms`]);
  process.stderr.write(`${name} measured\n`);
}

const inService = { deadlineMs: DEADLINE_MS, retry: RETRY };
for (const fault of FAULTS) {
  const hosted = await hostedPlane(inService);
  await hosted.predictor.predict(inputs, signal);
  await hosted.tell(fault, MANY);
  await measure(fault, hosted);
  await hosted.close();
}
const hosted = await hostedPlane(inService);
await hosted.tell('model-500', MANY);
for (let i = 0; i < 5; i++) await hosted.predictor.predict(inputs, signal).catch(() => {});
await measure('failed five times in a row', hosted);
await hosted.close();
const gone = await hostedPlane(inService);
await gone.close();
await measure('is not there', gone);
process.stdout.write(`${table(['the endpoint', 'the caller is told', 'after'], rows)}\n`);
