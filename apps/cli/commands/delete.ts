import type { Command } from 'commander';
import { connect } from '../connection.ts';
import { Misuse } from '../failures.ts';
import { teach } from '../help.ts';
import { printJson, printLine } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `modeldrop delete`: erases a model and its versions. */
export function addDelete(program: Command, terminal: Terminal): void {
  const command = program
    .command('delete')
    .description('Erase a model and all of its versions, for good')
    .argument('<model>', 'name of the model')
    .option('--yes', 'say that you mean it')
    .option('--json', 'print {"deleted": <model>}')
    .action(async (model: string, { yes, json }: Options) => {
      if (!yes) throw new Misuse(`this erases ${JSON.stringify(model)} for good; add --yes if you mean it`);
      await (await connect(terminal)).delete(model);
      if (json) return printJson(terminal.stdout, { deleted: model });
      printLine(terminal.stdout, `${model} is deleted`);
    });
  teach(command, 'modeldrop delete iris --yes');
}
