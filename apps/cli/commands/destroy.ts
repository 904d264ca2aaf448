import type { Command } from 'commander';
import type { DestroyOptions } from '../aws/destroy.ts';
import { teach } from '../help.ts';
import type { Terminal } from '../terminal.ts';

/** `modeldrop destroy`: takes the platform out of the account again. */
export function addDestroy(program: Command, terminal: Terminal): void {
  const command = program
    .command('destroy')
    .description('Remove the platform from your AWS account; models, keys and drops stay unless you say --data')
    .option('--stage <name>', 'dev, prod, or your own file (.json or .ts)', 'dev')
    .option('--data', 'remove models, keys and drops too, every version of them, for good')
    .option('--yes', 'go on without asking; needed where nobody watches')
    .action(async (options: DestroyOptions) => {
      const [{ destroy }, { reachAws }] = await Promise.all([import('../aws/destroy.ts'), import('../aws/cloud.ts')]);
      await destroy(terminal, options, reachAws(terminal));
    });
  teach(
    command,
    'modeldrop destroy                                # nothing costs any more but the data; deploy brings it back',
    'modeldrop destroy --data                         # everything, for good',
    'modeldrop destroy --stage prod --data --yes      # in a pipeline',
  );
}
