import type { Command } from 'commander';
import { connect } from '../connection.ts';
import { teach } from '../help.ts';
import { printJson, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** `modeldrop models`: what is in service. */
export function addModels(program: Command, terminal: Terminal): void {
  const command = program
    .command('models')
    .description('List the models in service that your key sees, with their stable versions')
    .option('--json', 'print {"models": [{"name", "version"}]}')
    .action(async ({ json }: { json?: boolean }) => {
      const models = await (await connect(terminal)).models();
      if (json) return printJson(terminal.stdout, { models });
      printTable(
        terminal.stdout,
        ['MODEL', 'VERSION'],
        models.map(({ name, version }) => [name, version]),
      );
    });
  teach(command, 'modeldrop models', 'modeldrop models --json');
}
