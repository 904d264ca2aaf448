// argv: as machine.ts has it. The seconds are those of the whole program, which reads its file and writes its model.
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSample } from '../sample-files.ts';
import type { Sample } from '../samples.ts';
import { timed } from '../timed.ts';
import { type Fitted, taskOf } from './machine.ts';

function* lines({ rows: { width, values }, targets }: Sample): Generator<string> {
  for (const [row, target] of targets.entries()) {
    const cells = Array.from(values.subarray(row * width, (row + 1) * width), (value, k) => `${k + 1}:${value}`);
    yield `${target} ${cells.filter((cell) => !cell.endsWith(':0')).join(' ')}\n`;
  }
}

const { folder, name, C, gamma, tolerance, times } = taskOf(process.argv.slice(2));
const [table, model] = [join(folder, `${name}.svm`), join(folder, `${name}.model`)];
await writeFile(table, lines(await readSample(folder, name)));
const options = ['-s', 0, '-t', 2, '-c', C, '-g', gamma, '-e', tolerance, '-m', 512].map(String);
/** The shell knows what a program took of the processor. */
const run = (): { processor: number; said: string } => {
  const script = 'TIMEFORMAT="%U %S"; time svm-train "$@"';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...options, table, model], { encoding: 'utf8' });
  const [user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { processor: user + system, said: stdout };
};
const { first, seconds, result } = timed(run, times);
const sumOf = (pattern: RegExp): number =>
  result.said.matchAll(pattern).reduce((sum, [, number]) => sum + Number(number), 0);
const fitted: Fitted = {
  first,
  seconds,
  processor: result.processor,
  vectors: Number(/Total nSV = (\d+)/.exec(result.said)?.[1]),
  iterations: sumOf(/#iter = (\d+)/g),
  objective: sumOf(/obj = ([-+.\de]+)/g),
};
console.info(JSON.stringify(fitted));
