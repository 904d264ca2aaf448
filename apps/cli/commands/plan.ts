import { basename, dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { workOf } from '../../../models/plan/card-plan.ts';
import { type Demand, type Option, type Plan, planServing, type Work } from '../../../models/plan/plan.ts';
import { usEast1 } from '../../../models/plan/prices.ts';
import { typicalRates } from '../../../models/plan/rates.ts';
import { timeWords } from '../../../models/plan/time-words.ts';
import { type Pair, pair } from '../cascade.ts';
import { costCurve } from '../cost-curve.ts';
import { Misuse } from '../failures.ts';
import { teach } from '../help.ts';
import { printJson, printLine, printTable } from '../output.ts';
import { readBytes } from '../read-bytes.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly rps: number;
  readonly p99: number;
  readonly rows: number;
  readonly cascade?: Pair;
  readonly target?: string;
  readonly harm: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** `modeldrop plan`: where a model would run, how fast, and what each place costs a month. */
export function addPlan(program: Command, terminal: Terminal): void {
  const command = program
    .command('plan')
    .description('Tell where a model would run on AWS, how fast, and what each place costs a month')
    .argument('<file>', 'a model file, or a Triton repository as .tar.gz; with --cascade a table')
    .option('--rps <number>', 'requests a second', positive, 1)
    .option('--p99 <time>', 'the 99th percentile to keep to, such as 200ms, 1s or 10min', duration, 1_000)
    .option('--rows <number>', 'rows a request', count, 1)
    .option(
      '--cascade <small,large>',
      'how sure a small model has to be for a large one not to be asked: logistic,cnn',
      pair,
    )
    .option('--target <column>', 'of the table (default: target, label, y or class)')
    .option('--harm <share>', 'of the rows that the small model keeps, how many may be worse', share, 0.01)
    .option('--out <file>', 'where to write the cascade, ready to be dropped: cascade.tar.gz')
    .option(
      '--json',
      'print {"work", "demand", "options", "chosen", "breakEven", "prices", "rates"}, or of a cascade {"temperature", "accuracy", "steps", "chosen"}',
    )
    .action((file: string, options: Options) => plan(terminal, file, options));
  teach(
    command,
    'modeldrop plan model.onnx --rps 5 --p99 200ms',
    'modeldrop plan model.onnx --rps 50 --json',
    'modeldrop plan digits.csv --cascade logistic,cnn --out cascade.tar.gz',
  );
}

async function plan(terminal: Terminal, path: string, options: Options): Promise<void> {
  const { rps, p99, rows, json, cascade, out } = options;
  const { stdout } = terminal;
  const demand: Demand = { requestsPerSecond: rps, rowsPerRequest: rows, p99Ms: p99 };
  if (cascade) {
    const { inspectDropped } = await import('../../../models/formats/dropped.ts');
    const { planCascadeOn } = await import('../cascade.ts');
    const workOfOnnx = (bytes: Uint8Array): Work =>
      workOf(bytes.length, inspectDropped({ name: 'large.onnx', bytes }, { siblings: [] }).content.onnx?.multiplyAdds);
    return planCascadeOn(terminal, path, { ...options, cascade }, { demand, workOf: workOfOnnx });
  }
  if (out !== undefined) throw new Misuse('--out goes with --cascade: it writes both models of one');
  const work = await workIn(path);
  const planned = planServing(work, demand, usEast1, typicalRates);
  if (json) return printJson(stdout, { work, demand, ...planned, prices: usEast1, rates: typicalRates });
  const { region, asOf } = usEast1;
  printLine(
    stdout,
    `${work.multiplyAdds.toLocaleString('en')} multiply-adds a row, ${rps} requests a second of ${rows}`,
  );
  printTable(
    stdout,
    ['place', 'machine', 'typical', 'p99', 'USD a month', ''],
    planned.options.map((option) => optionLine(option, planned.chosen)),
  );
  printLine(stdout, chosenWords(planned));
  for (const line of costCurve(planned, rps)) printLine(stdout, line);
  printLine(
    stdout,
    `Prices of ${region}, ${asOf}, without a free tier; speeds of GPUs are reckoned from their data sheets.`,
  );
}

async function workIn(path: string): Promise<Work> {
  const { inspectDropped } = await import('../../../models/formats/dropped.ts');
  const { expand } = await import('../../../adapters/archive/expand.ts');
  const file = expand({ name: basename(path), bytes: await readBytes(path) });
  const data = join(dirname(path), `${basename(path)}.data`);
  const siblings = await readBytes(data).then(
    (tensors) => [{ name: basename(data), bytes: tensors }],
    () => [],
  );
  const { content } = inspectDropped(file, { siblings });
  const modelBytes = siblings.reduce((sum, sibling) => sum + sibling.bytes.length, file.bytes.length);
  return workOf(modelBytes, content.onnx?.multiplyAdds ?? content.cascade?.large.onnx.multiplyAdds);
}

const optionLine = (option: Option, chosen: Option | undefined): string[] => [
  option.placement,
  option.machine,
  timeWords(option.latencyMs),
  timeWords(option.p99Ms),
  option.usd.toFixed(2),
  wordsOf(option, option === chosen),
];

function wordsOf({ unfit, placement }: Option, isChosen: boolean): string {
  if (unfit !== undefined) return unfit;
  const jobs = placement === 'endpoint-async' ? 'jobs only' : '';
  return isChosen ? `<- the cheapest that will do ${jobs && `(${jobs})`}`.trimEnd() : jobs;
}

function chosenWords({ chosen, breakEven }: Plan): string {
  const place = chosen ? `It would run on ${chosen.placement}, ${chosen.machine}.` : 'No place keeps to that time.';
  const even =
    breakEven === undefined
      ? 'An endpoint never costs less than a function for this model.'
      : `An endpoint costs less from ${Number(breakEven.toPrecision(3))} requests a second on.`;
  return `${place} ${even}`;
}

function share(stated: string): number {
  const value = Number(stated);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be a share between 0 and 1');
}

function positive(stated: string): number {
  const value = Number(stated);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number above 0');
}

function count(stated: string): number {
  const value = Number(stated);
  if (value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number above 0');
}

const UNITS = { ms: 1, s: 1_000, min: 60_000 } as const;

function duration(stated: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|min)$/.exec(stated) ?? [];
  const factor = UNITS[unit as keyof typeof UNITS];
  if (number === undefined || Number(number) === 0) {
    throw new InvalidArgumentError('It must be such as 200ms, 1.5s or 10min');
  }
  return Number(number) * factor;
}
