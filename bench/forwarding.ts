/**
 * What it adds to ask an endpoint's model through Modeldrop, over calling the endpoint's host directly in the same run,
 * and what a proxy that does nothing adds: p50 of single calls that take turns, and throughput at 16 connections in
 * neighbouring rounds. On two cores the caller, the proxy and the host share them.
 * Run: npm run bench:forwarding
 */
import { readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { layout } from '../adapters/registry/layout.ts';
import { startPlatform } from '../test/journey/running-platform.ts';
import { dropFile } from '../test/journey/slope-model.ts';
import { FLOAT, node, onnx, value } from '../test/models/formats/onnx/written.ts';
import { referenceFile } from '../test/reference.ts';
import { serve } from './server.ts';
import { table } from './table.ts';

const CONNECTIONS = 16;
const SECONDS = 2;
const ROUNDS = 3;

interface Ask {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const INVOCATIONS = '/endpoints/modeldrop-local/invocations';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds of one call. @throws Error where it is not answered 200 */
function timed({ url, headers, body }: Ask): Promise<number> {
  const from = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(url, { agent, method: 'POST', headers: { ...headers, 'content-length': body.length } });
  sent.once('error', reject).once('response', (response) => {
    response.resume().once('end', () => {
      if (response.statusCode === 200) resolve(performance.now() - from);
      else reject(new Error(`${url} answered ${response.statusCode}`));
    });
  });
  sent.end(body);
  return promise;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** The p50 of each, asked in turn. */
async function turns(asks: readonly Ask[], calls: number): Promise<number[]> {
  const times = asks.map((): number[] => []);
  for (let call = 0; call < calls; call++) {
    for (const [i, ask] of asks.entries()) {
      const took = await timed(ask);
      if (call >= calls / 5) times[i]?.push(took);
    }
  }
  return times.map(median);
}

async function throughput({ url, headers, body }: Ask): Promise<number> {
  const result = await autocannon({ url, headers, body, method: 'POST', connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} not 2xx, ${result.errors} errors`);
  return result.requests.average;
}

/** The mean of each channel: next to no work for 602,112 bytes. */
const means = onnx({
  node: [node('GlobalAveragePool', ['input'], ['means'])],
  input: [value('input', FLOAT, ['N', 3, 224, 224])],
  output: [value('means', FLOAT, ['N', 3, 1, 1])],
});

const platform = await startPlatform({ env: { MODELDROP_EXAMPLES: '0' } });
const { url, key, home } = platform;

async function served(model: string, bytes: Uint8Array): Promise<void> {
  await dropFile(home, model, 'drop.json', JSON.stringify({ placement: 'endpoint' }));
  await dropFile(home, model, 'model.onnx', bytes);
  while ((await platform.call('GET', `/v2/models/${model}`)).status !== 200) await sleep(50);
}

/** The same body to the host, through a bare proxy, and through Modeldrop. */
async function ways(
  model: string,
  head: unknown,
  tail?: Uint8Array,
): Promise<[direct: Ask, proxied: Ask, through: Ask]> {
  const manifest = JSON.parse(await readFile(join(home, 'registry', layout.manifest(model, 1)), 'utf8'));
  const json = Buffer.from(JSON.stringify(head));
  const body = tail ? Buffer.concat([json, tail]) : json;
  const type = `application/vnd.sagemaker-triton.binary+json;json-header-size=${json.length}`;
  const target = { 'x-amzn-sagemaker-target-model': `${manifest.triton}.tar.gz` };
  const headers = { 'content-type': tail ? type : 'application/json', ...target };
  return [
    { url: `${host}${INVOCATIONS}`, headers, body },
    { url: `${proxy.url}${INVOCATIONS}`, headers, body },
    {
      url: `${url}/v2/models/${model}/infer`,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': tail ? 'application/octet-stream' : 'application/json',
        ...(tail && { 'inference-header-content-length': String(json.length) }),
      },
      body,
    },
  ];
}

const tensor = (shape: readonly number[], more: object) => ({
  inputs: [{ name: 'input', datatype: 'FP32', shape, ...more }],
});
const binary = (shape: readonly number[], bytes: Uint8Array) => ({
  ...tensor(shape, { parameters: { binary_data_size: bytes.length } }),
  parameters: { binary_data_output: true },
});

const pixels = Float32Array.from({ length: 64 }, (_, i) => (i % 17) / 16);
const image = new Uint8Array(Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => (i % 255) / 255).buffer);
const raw = new Uint8Array(pixels.buffer);

await served('digits', referenceFile('models/digits-cnn.onnx').bytes);
await served('means', means);
await platform.call('POST', '/v2/models/digits/infer', tensor([1, 1, 8, 8], { data: [...pixels] }));

const host = /runs at (\S+)/.exec(platform.output())?.[1] as string;
const proxy = await serve(['bench/bare-proxy.ts', host]);
const rows: string[][] = [];
const cases = [
  ['JSON, 64 numbers', await ways('digits', tensor([1, 1, 8, 8], { data: [...pixels] })), 2_000],
  ['binary, 256 bytes', await ways('digits', binary([1, 1, 8, 8], raw), raw), 2_000],
  ['binary, 602,112 bytes', await ways('means', binary([1, 3, 224, 224], image), image), 300],
] as const;
const share = (rates: readonly number[][], way: number): string =>
  `${Math.round(100 * median(rates.map((rate) => (rate[way] as number) / (rate[0] as number))))} %`;
for (const [name, asks, calls] of cases) {
  const [direct = 0, proxied = 0, through = 0] = await turns(asks, calls);
  const rates: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const rate: number[] = [];
    for (const ask of asks) rate.push(await throughput(ask));
    rates.push(rate);
  }
  process.stderr.write(`${name} measured\n`);
  const added = (p50: number): string =>
    `${Math.round(1_000 * (p50 - direct))} us, ${(100 * (p50 / direct - 1)).toFixed(0)} %`;
  rows.push([name, `${direct.toFixed(3)} ms`, added(proxied), added(through), share(rates, 1), share(rates, 2)]);
}
const columns = ['body', 'direct p50', 'proxy adds', 'we add', 'proxy keeps of throughput', 'we keep'];
process.stdout.write(`${table(columns, rows)}\n`);
agent.destroy();
proxy.stop();
await platform.stop();
await rm(home, { recursive: true, force: true });
