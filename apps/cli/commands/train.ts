import { join } from 'node:path';
import type { Command } from 'commander';
import type { ChosenRows } from '../../../models/learning/problem.ts';
import type { Trained, TrainResult } from '../../../models/learning/train.ts';
import { client } from '../../client/client.ts';
import { connectionFrom } from '../connection.ts';
import { deliver } from '../delivery.ts';
import { Failure } from '../failures.ts';
import { teach } from '../help.ts';
import { MODEL_FILE } from '../model-folder.ts';
import { oneLine, printJson, printLine, printTable } from '../output.ts';
import { type Progress, progressOn } from '../progress.ts';
import { readBytes } from '../read-bytes.ts';
import { addRecipeOptions, type RecipeOptions, recipeOf } from '../recipe-options.ts';
import { checkReportPath, writeReport } from '../report/write-report.ts';
import { tableFile } from '../table-file.ts';
import type { Terminal } from '../terminal.ts';
import { writeWhole } from '../write-whole.ts';

interface Options extends RecipeOptions {
  readonly rows?: string;
  readonly testRows?: string;
  readonly name?: string;
  readonly out?: string;
  readonly report?: string;
  readonly json?: boolean;
}

/** `modeldrop train`: from a table to a proven model, in a folder or in service. */
export function addTrain(program: Command, terminal: Terminal): void {
  const command = addRecipeOptions(
    program
      .command('train')
      .description('Learn a model from a table, and put it into service')
      .argument('<table>', 'CSV, JSON Lines, LIBSVM or Parquet'),
  )
    .option('--rows <file>', 'rows to learn from: an index file, one 0-based data row a line')
    .option('--test-rows <file>', 'rows to evaluate on: an index file')
    .option('--name <model>', "the model's name (default: of the table)")
    .option('--out <folder>', 'write model.json there instead of pushing it to the running platform')
    .option(
      '--report <file>',
      'write all that the test rows say: a page (.html), or the figures (.json)',
      checkReportPath,
    )
    .option('--json', 'print the result object on the last line')
    .action((table: string, options: Options) => trainTable(terminal, table, options));
  teach(
    command,
    'modeldrop train house.csv --target price                      # chooses, trains, evaluates, serves',
    'modeldrop train iris.csv --target species --kind svc --search # by 5-fold cross-validation',
    'modeldrop train house.csv --target price --kind lasso --alpha 0.1 --out ./house --json',
  );
}

async function trainTable(terminal: Terminal, path: string, options: Options): Promise<void> {
  const { rows, testRows, name, out, report, json = false, ...recipeOptions } = options;
  // They bring every algorithm, which takes longer to load than all else; other commands go without.
  const [{ readTable }, { train }, { checkTableRoom }, { readIndices }, { checkedName, nameFor }] = await Promise.all([
    import('../../../adapters/table/read-table.ts'),
    import('../../../models/learning/train.ts'),
    import('../../../models/learning/table-room.ts'),
    import('../../../models/learning/split.ts'),
    import('../model-name.ts'),
  ]);
  const recipe = await recipeOf(recipeOptions);
  const model = name === undefined ? nameFor(path) : checkedName(name);
  // Where nothing can be pushed, nobody should wait for a training to learn it.
  const connection = out === undefined ? await connectionFrom(terminal.env) : undefined;
  const progress = progressOn(terminal);
  try {
    progress.say(`reading ${path}`);
    const source = await tableFile(path);
    checkTableRoom(source, process.availableMemory());
    const table = await readTable(source, recipe.types);
    const indices = async (file: string | undefined) =>
      file === undefined ? undefined : readIndices({ name: file, bytes: await readBytes(file) }, table.frame.count);
    const [chosenTrain, chosenTest] = [await indices(rows), await indices(testRows)];
    const chosen: ChosenRows = { ...(chosenTrain && { train: chosenTrain }), ...(chosenTest && { test: chosenTest }) };
    const now = () => performance.now();
    const trained = train(table, recipe, chosen, { now, onProgress: remaining(progress, now) });
    const bytes = new TextEncoder().encode(JSON.stringify(trained.model));
    const artifact = out ?? `${connection?.url}/v1/models/${model}:predict`;
    if (connection === undefined) await writeWhole(join(artifact, MODEL_FILE), bytes);
    else await push(terminal, connection, model, bytes, progress);
    if (report !== undefined) {
      progress.say(`writing ${report}`);
      await writeReport(report, trained.report());
    }
    progress.end();
    tell(terminal, trained, { ...trained.result, artifact }, json);
  } finally {
    progress.end();
  }
}

/** What is being done, and how long the rest of it may take. */
function remaining(progress: Progress, now: () => number) {
  const startedAt = now();
  return (doing: string, done: number, total: number): void => {
    const left = done > 0 ? ((now() - startedAt) / done) * (total - done) : Number.NaN;
    const rest = Number.isNaN(left) || total < 2 ? '' : `, ${done} of ${total}, ${Math.ceil(left / 1_000)} s to go`;
    progress.say(`${doing}${rest}`);
  };
}

async function push(
  terminal: Terminal,
  connection: Awaited<ReturnType<typeof connectionFrom>>,
  model: string,
  bytes: Uint8Array<ArrayBuffer>,
  progress: Progress,
): Promise<void> {
  const parcel = { file: { name: MODEL_FILE, bytes }, companions: [] };
  const drop = await deliver(client(connection), model, parcel, { progress, signal: terminal.interruption() });
  if (drop.state === 'refused')
    throw new Failure(`${drop.file} is refused: ${drop.error ?? 'the platform gives no reason'}`);
}

function tell({ stdout, stderr }: Terminal, trained: Trained, result: TrainResult, json: boolean): void {
  const { why, rows, findings } = trained;
  const out = json ? stderr : stdout;
  printLine(out, oneLine(`${result.kind}${why ? `, because ${why}` : ''}`));
  printLine(out, oneLine(`learned from ${rows.train} rows, evaluated on ${rows.test} others: ${rows.split}`));
  if (result.converged === false)
    printLine(out, `not converged: the gap is ${result.gap ?? 'unknown'}; see --max-iter`);
  const format = (value: number | null | undefined): string => (typeof value === 'number' ? value.toPrecision(4) : '-');
  const between = (ends: readonly number[] | undefined): string => (ends ? ends.map(format).join(' to ') : '');
  const lines = Object.keys(result.metrics).map((metric) => [
    metric,
    format(result.metrics[metric]),
    between(findings.intervals[metric]),
    format(result.trainMetrics[metric]),
    format(result.baselineMetrics[metric]),
  ]);
  printTable(out, ['metric', 'test', '95 % interval', 'training', 'guessing'], lines);
  for (const [metric, reason] of Object.entries(result.reasons)) printLine(out, oneLine(`no ${metric}: ${reason}`));
  printLine(out, oneLine(`the model ${findings.baseline.words}`));
  const { threshold, positive } = result;
  if (typeof threshold === 'number')
    printLine(
      out,
      oneLine(`says ${positive} from a probability of ${threshold.toPrecision(4)} (${trained.model.card?.threshold})`),
    );
  for (const words of findings.warnings) printLine(out, oneLine(`look at this: ${words}`));
  for (const { words } of findings.leaks) printLine(out, oneLine(`look at this: ${words}`));
  printLine(out, String(result.artifact));
  if (json) printJson(stdout, result);
}
