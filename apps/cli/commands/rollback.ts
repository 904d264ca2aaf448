import type { Command } from 'commander';
import { connect } from '../connection.ts';
import { teach } from '../help.ts';
import { printJson, printLine } from '../output.ts';
import { serving } from '../serving.ts';
import type { Terminal } from '../terminal.ts';

/** `modeldrop rollback`: ends a canary, or goes back to the stable version before. */
export function addRollback(program: Command, terminal: Terminal): void {
  const command = program
    .command('rollback')
    .description('End the canary; without one, go back to the stable version before')
    .argument('<model>', 'name of the model')
    .option('--json', 'print the channel as the API answers it')
    .action(async (model: string, { json }: { json?: boolean }) => {
      const channel = await (await connect(terminal)).rollback(model);
      if (json) return printJson(terminal.stdout, channel);
      printLine(terminal.stdout, serving(channel));
    });
  teach(command, 'modeldrop rollback iris');
}
