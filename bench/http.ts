/**
 * Requests a second at 16 connections through the gateway, authorized and metered, against a bare `node:http` hello in
 * the same run, each server in a process of its own. Figures are ratios of neighbouring rounds.
 * Run: npm run bench:http
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { diagnosisRow } from './row.ts';
import { serve } from './server.ts';
import { table } from './table.ts';

const KEY = 'bench-admin-key';
const CONNECTIONS = 16;
const SECONDS = 5;
const ROUNDS = 3;

const load = async (url: string, body: unknown): Promise<number> => {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} not 2xx, ${result.errors} errors`);
  return result.requests.average;
};

const hello = `
  require('node:http').createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"hello":"world"}'));
  }).listen(0, '127.0.0.1', function () { console.log('ready http://127.0.0.1:' + this.address().port) })`;

const home = await mkdtemp(join(tmpdir(), 'modeldrop-bench-'));
const bare = await serve(['-e', hello]);
const ours = await serve(['infra/local/entry.ts'], { MODELDROP_HOME: home, MODELDROP_PORT: '0', MODELDROP_KEY: KEY });

const targets = {
  'bare node:http hello': [bare.url, { instances: [diagnosisRow] }],
  'V1, linear, 1 feature': [`${ours.url}/v1/models/linear-regression:predict`, { instances: [[0.5]] }],
  'V1, logistic, 30 features': [`${ours.url}/v1/models/diagnosis:predict`, { instances: [diagnosisRow] }],
  'v2, logistic, 30 features': [
    `${ours.url}/v2/models/diagnosis/infer`,
    { inputs: [{ name: 'input', shape: [1, 30], datatype: 'FP64', data: diagnosisRow }] },
  ],
} as const;

const rates = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, [url, body]] of Object.entries(targets)) {
    rates.set(name, [...(rates.get(name) ?? []), await load(url, body)]);
  }
}
bare.stop();
ours.stop();

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const [hellos = []] = rates.values();
console.info(
  table(
    ['16 connections', 'requests/s', 'of hello'],
    [...rates].map(([name, rate]) => [
      name,
      median(rate).toFixed(0),
      `${(100 * median(rate.map((value, i) => value / (hellos[i] ?? 1)))).toFixed(0)} %`,
    ]),
  ),
);
await rm(home, { recursive: true, force: true, maxRetries: 5 });
