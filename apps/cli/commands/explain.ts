import type { Command } from 'commander';
import type { Explanation } from '../../../models/explanation.ts';
import type { Explained } from '../../client/answers.ts';
import { bars } from '../bars.ts';
import { connect } from '../connection.ts';
import { Failure } from '../failures.ts';
import { teach } from '../help.ts';
import { type Input, readInput } from '../input.ts';
import { isModelFolder, isPath } from '../model-folder.ts';
import { oneLine, printJson, printLine } from '../output.ts';
import { explainRemotely } from '../remote-predictions.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly input: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const COLUMNS = 80;

/** `modeldrop explain`: why a model answers as it does, as bars in the terminal. */
export function addExplain(program: Command, terminal: Terminal): void {
  const command = program
    .command('explain')
    .description('Predict rows, and say which features the answers come from')
    .argument('<model>', 'name of a model of the platform, or a folder that holds a model.json')
    .requiredOption('--input <file>', 'as of predict: JSON, JSON Lines or CSV; - is stdin')
    .option('--all', 'every class, not only the predicted one')
    .option('--json', 'print {"predictions", "explanations"} as the API answers it')
    .action(async (model: string, { input, all = false, json }: Options) => {
      const answer = await explained(terminal, model, await readInput(input, terminal), all);
      if (json) return printJson(terminal.stdout, answer);
      for (const line of linesOf(answer, columnsOf(terminal))) printLine(terminal.stdout, line);
    });
  teach(
    command,
    'modeldrop explain diagnosis --input patients.csv',
    `echo '[[5.1, 3.5, 1.4, 0.2]]' | modeldrop explain ./iris --input - --all`,
  );
}

async function explained(terminal: Terminal, model: string, input: Input, all: boolean): Promise<Explained> {
  if (await isModelFolder(model)) {
    const { explainLocally } = await import('../local-predictions.ts');
    return explainLocally(model, input, all);
  }
  if (isPath(model)) throw new Failure(`${model} must be a folder that holds a model.json, or the name of a model`);
  return explainRemotely(await connect(terminal), model, input, all);
}

const columnsOf = ({ stdout }: Terminal): number => (stdout as { columns?: number }).columns ?? COLUMNS;

function* linesOf({ predictions, explanations }: Explained, columns: number): Generator<string> {
  for (const [row, found] of explanations.entries()) {
    const answer = predictions[row];
    yield `row ${row + 1}: ${oneLine(typeof answer === 'string' ? answer : JSON.stringify(answer))}`;
    const several = Array.isArray(found);
    for (const explanation of several ? (found as readonly Explanation[]) : [found as Explanation]) {
      if (several) yield `  ${headingOf(explanation)}`;
      yield* bars(explanation, columns);
    }
  }
}

const headingOf = ({ class: label, target }: Explanation): string =>
  label === undefined ? `target ${target}` : `for ${oneLine(String(label))}`;
