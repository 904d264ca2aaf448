import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { InferAnswer, Predictions } from '../../client/answers.ts';
import type { PredictOptions } from '../../client/client.ts';
import { connect } from '../connection.ts';
import { Failure } from '../failures.ts';
import { teach } from '../help.ts';
import { type Input, readInput } from '../input.ts';
import { isModelFolder, isPath, MODEL_FILE } from '../model-folder.ts';
import { oneLine, printJson, printLine } from '../output.ts';
import { predictRemotely } from '../remote-predictions.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly input: string;
  readonly probabilities?: boolean;
  readonly interval?: number;
  readonly json?: boolean;
}

/** `modeldrop predict`: one prediction a line, from the platform or from a folder. */
export function addPredict(program: Command, terminal: Terminal): void {
  const command = program
    .command('predict')
    .description('Predict rows, one prediction a line')
    .argument('<model>', 'name of a model of the platform, or a folder that holds a model.json, scored right here')
    .requiredOption(
      '--input <file>',
      'JSON rows or records, JSON Lines, CSV, or a whole V1, MLflow or v2 body; - is stdin',
    )
    .option('--probabilities', 'print {"label", "probabilities"} a row')
    .option('--interval <share>', 'print {"value", "lower", "upper"} a row of a regression, such as 0.9', share)
    .option('--json', 'print the answer as the API gives it')
    .action(async (model: string, { input, json, ...options }: Options) => {
      const answer = await predictions(terminal, model, await readInput(input, terminal), options);
      if (json) return printJson(terminal.stdout, answer);
      for (const row of rowsOf(answer))
        printLine(terminal.stdout, typeof row === 'string' ? oneLine(row) : JSON.stringify(row));
      warn(terminal, answer);
    });
  teach(
    command,
    'modeldrop predict iris --input rows.csv',
    `echo '[[5.1, 3.5, 1.4, 0.2]]' | modeldrop predict iris --input - --probabilities`,
    'modeldrop predict ./wine --input rows.jsonl      # a folder with a model.json; no platform is asked',
  );
}

async function predictions(terminal: Terminal, model: string, input: Input, options: PredictOptions) {
  if (await isModelFolder(model)) {
    // Scoring brings every kind of model with it; only this way needs them.
    const { predictLocally } = await import('../local-predictions.ts');
    if (terminal.stderr.isTTY) printLine(terminal.stderr, `scored here, by ${join(model, MODEL_FILE)}`);
    return predictLocally(model, input, options);
  }
  if (isPath(model)) throw new Failure(`${model} must be a folder that holds a model.json, or the name of a model`);
  return predictRemotely(await connect(terminal), model, input, options);
}

function share(stated: string): number {
  const level = Number(stated);
  if (level > 0 && level < 1) return level;
  throw new InvalidArgumentError('It must be a number between 0 and 1, such as 0.9');
}

function rowsOf(answer: Predictions | InferAnswer): readonly unknown[] {
  if ('predictions' in answer) return answer.predictions;
  const output = answer.outputs.find(({ name }) => name === 'predict') ?? answer.outputs[0];
  if (output === undefined) return [];
  const width = output.shape.slice(1).reduce((product, size) => product * size, 1);
  if (output.shape.length < 2) return output.data;
  return Array.from({ length: output.shape[0] ?? 0 }, (_, row) => output.data.slice(row * width, (row + 1) * width));
}

/** Tells a person who watches where the model has never been. */
function warn({ stderr }: Terminal, { parameters }: Predictions | InferAnswer): void {
  const [first, ...more] = parameters?.outside ?? [];
  if (first === undefined || !stderr.isTTY) return;
  const { row, feature, value, range } = first;
  const others = more.length > 0 ? `, and ${more.length} more` : '';
  const place = `row ${row + 1}, ${feature} = ${value}, trained on ${range[0]} to ${range[1]}`;
  printLine(stderr, oneLine(`outside of the training range: ${place}${others}`));
}
