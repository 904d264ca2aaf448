import { join } from 'node:path';
import type { Command } from 'commander';
import { isNetworkKind } from '../../../models/learning/network/network-kinds.ts';
import type { ChosenRows } from '../../../models/learning/problem.ts';
import { client } from '../../client/client.ts';
import { connectionFrom } from '../connection.ts';
import { deliver } from '../delivery.ts';
import { Failure } from '../failures.ts';
import { teach } from '../help.ts';
import type { Parcel } from '../parcel.ts';
import { type Progress, progressOn } from '../progress.ts';
import { readBytes } from '../read-bytes.ts';
import { addRecipeOptions, type RecipeOptions } from '../recipe-options.ts';
import { checkReportPath, writeReport } from '../report/write-report.ts';
import { tableFile } from '../table-file.ts';
import type { Terminal } from '../terminal.ts';
import type { Lesson } from '../training/lesson.ts';
import { tell } from '../training/words.ts';
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
  // They take longer to load than all else; other commands go without.
  const [{ readTable }, { checkTableRoom }, { checkedName, nameFor }] = await Promise.all([
    import('../../../adapters/table/read-table.ts'),
    import('../../../models/learning/table-room.ts'),
    import('../model-name.ts'),
  ]);
  const lesson = await lessonOf(terminal, recipeOptions);
  const model = name === undefined ? nameFor(path) : checkedName(name);
  // Where nothing can be pushed, nobody should wait for a training to learn it.
  const connection = out === undefined ? await connectionFrom(terminal.env) : undefined;
  const progress = progressOn(terminal);
  try {
    progress.say(`reading ${path}`);
    const source = await tableFile(path);
    checkTableRoom(source, process.availableMemory());
    const table = await readTable(source, lesson.types);
    const chosen = await chosenRows(table.frame.count, { train: rows, test: testRows });
    const learned = await lesson.learn(table, chosen, progress);
    const artifact = out ?? `${connection?.url}/v1/models/${model}:predict`;
    if (connection === undefined) await keep(artifact, learned.parcel);
    else await push(terminal, connection, model, learned.parcel, progress);
    if (report !== undefined) {
      progress.say(`writing ${report}`);
      await writeReport(report, learned.report());
    }
    progress.end();
    tell(terminal, learned.told, { ...learned.result, artifact }, json);
  } finally {
    progress.end();
  }
}

async function lessonOf(terminal: Terminal, options: RecipeOptions): Promise<Lesson> {
  if (isNetworkKind(options.kind)) {
    const { networkLesson } = await import('../training/network-lesson.ts');
    return networkLesson(terminal, options.kind, options);
  }
  const { nativeLesson } = await import('../training/native-lesson.ts');
  return nativeLesson(options);
}

/** Rows that index files name. @throws TrainingRefused, Failure */
async function chosenRows(
  count: number,
  { train, test }: { readonly train: string | undefined; readonly test: string | undefined },
): Promise<ChosenRows> {
  const { readIndices } = await import('../../../models/learning/split.ts');
  const indices = async (file: string) => readIndices({ name: file, bytes: await readBytes(file) }, count);
  return {
    ...(train !== undefined && { train: await indices(train) }),
    ...(test !== undefined && { test: await indices(test) }),
  };
}

/** The model last: a folder with a model in it is complete. */
async function keep(folder: string, { file, companions }: Parcel): Promise<void> {
  for (const { name, bytes } of [...companions, file]) await writeWhole(join(folder, name), bytes);
}

/** @throws Failure where the platform refuses it */
async function push(
  terminal: Terminal,
  connection: Awaited<ReturnType<typeof connectionFrom>>,
  model: string,
  parcel: Parcel,
  progress: Progress,
): Promise<void> {
  const drop = await deliver(client(connection), model, parcel, { progress, signal: terminal.interruption() });
  if (drop.state === 'refused')
    throw new Failure(`${drop.file} is refused: ${drop.error ?? 'the platform gives no reason'}`);
}
