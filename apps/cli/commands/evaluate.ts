import { join } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '../failures.ts';
import { teach } from '../help.ts';
import { isModelFolder, MODEL_FILE } from '../model-folder.ts';
import { oneLine, printJson, printLine, printTable } from '../output.ts';
import { readBytes } from '../read-bytes.ts';
import { collected } from '../recipe-options.ts';
import { checkReportPath, writeReport } from '../report/write-report.ts';
import { tableFile } from '../table-file.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly target?: string;
  readonly slice?: string[];
  readonly report?: string;
  readonly json?: boolean;
}

/** `modeldrop evaluate`: how good a model is on a table that it has not seen. */
export function addEvaluate(program: Command, terminal: Terminal): void {
  const command = program
    .command('evaluate')
    .description('Measure a model on a table')
    .argument('<folder>', 'a folder that holds a model.json')
    .argument('<table>', 'CSV, JSON Lines, LIBSVM or Parquet, with the columns that the model was trained on')
    .option('--target <column>', 'the column that holds the truth (default: what the card says)')
    .option('--slice <column>', 'tell rows apart by this column in the report; may be repeated', collected)
    .option('--report <file>', 'write all that the rows say: a page (.html), or the figures (.json)', checkReportPath)
    .option('--json', 'print {"rows", "metrics", "reasons"}')
    .action((folder: string, table: string, options: Options) => evaluateOn(terminal, folder, table, options));
  teach(
    command,
    'modeldrop evaluate ./house sold-this-year.csv',
    'modeldrop evaluate ./house new.parquet --report new.html',
  );
}

async function evaluateOn(
  { stdout }: Terminal,
  folder: string,
  path: string,
  { target, slice = [], report, json }: Options,
): Promise<void> {
  if (!(await isModelFolder(folder))) throw new Failure(`${folder} must be a folder that holds a ${MODEL_FILE}`);
  const [{ inspect }, { readTable }, { assess, checkedSlices }] = await Promise.all([
    import('../../../models/formats/inspect.ts'),
    import('../../../adapters/table/read-table.ts'),
    import('../../../models/learning/assess.ts'),
  ]);
  const file = join(folder, MODEL_FILE);
  const { model } = inspect({ name: file, bytes: await readBytes(file) });
  const truth = target ?? model.card?.target;
  if (truth === undefined) throw new Failure(`${file} does not say what it predicts; add --target <column>`);
  const table = await readTable(await tableFile(path), model.types);
  const { frame } = table;
  checkedSlices(slice, frame);
  const assessed = assess(model, frame, truth);
  const { metrics, reasons } = assessed.evaluation;
  if (report !== undefined) {
    const { reportOn } = await import('../../../models/learning/report/report-on.ts');
    await writeReport(report, reportOn(model, table, assessed, slice));
  }
  if (json) return printJson(stdout, { rows: frame.count, metrics, reasons });
  const format = (value: number | null): string => (value === null ? '-' : value.toPrecision(4));
  printTable(
    stdout,
    ['metric', `on ${frame.count} rows`],
    Object.entries(metrics).map(([metric, value]) => [metric, format(value)]),
  );
  for (const [metric, reason] of Object.entries(reasons)) printLine(stdout, oneLine(`no ${metric}: ${reason}`));
}
