/**
 * What strict reading costs beside JSON.parse, and how long the bundled examples take to build, one process, medians.
 * Run: npm run bench:reading
 */
import { examples } from '../examples/examples.ts';
import { parseJson } from '../models/json.ts';
import { table } from './table.ts';

const ROUNDS = 9;

async function median(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

const row = Array.from({ length: 30 }, (_, i) => i / 7);
const bodyOf = (rows: number): string => JSON.stringify({ instances: Array.from({ length: rows }, () => row) });
const escaped = bodyOf(9_000).replace('instances', '\\u0069nstances');

const rows = [];
for (const [name, text] of [
  ['1 KB, 2 rows', bodyOf(2)],
  ['4.5 MB, 9,000 rows', bodyOf(9_000)],
  ['4.5 MB, one key escaped', escaped],
] as const) {
  const [strict, plain] = [await median(() => parseJson(text, 'body')), await median(() => JSON.parse(text))];
  rows.push([name, `${strict.toFixed(3)} ms`, `${plain.toFixed(3)} ms`, `${(strict / plain).toFixed(1)} x`]);
}
console.info(table(['JSON', 'strict', 'JSON.parse', 'ratio'], rows));

const building = await median(() => Promise.all(examples.map(({ build }) => build())));
console.info(`\nthe ${examples.length} examples, built: ${building.toFixed(0)} ms`);
