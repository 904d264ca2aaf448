import { type Command, InvalidArgumentError } from 'commander';
import { connect } from '../connection.ts';
import { teach } from '../help.ts';
import { printJson, printLine } from '../output.ts';
import { serving } from '../serving.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly canary?: number;
  readonly json?: boolean;
}

/** `modeldrop release`: puts a version into service, for all requests or for some. */
export function addRelease(program: Command, terminal: Terminal): void {
  const command = program
    .command('release')
    .description('Put a version into service, everywhere within 5 seconds')
    .argument('<model>', 'name of the model')
    .argument('<version>', 'its number', versionNumber)
    .option('--canary <percent>', 'for this part of the requests only', percent)
    .option('--json', 'print the channel as the API answers it')
    .action(async (model: string, version: number, { canary, json }: Options) => {
      const wish = canary === undefined ? { stable: version } : { canary: { version, weight: canary } };
      const channel = await (await connect(terminal)).release(model, wish);
      if (json) return printJson(terminal.stdout, channel);
      printLine(terminal.stdout, serving(channel));
    });
  teach(command, 'modeldrop release iris 2', 'modeldrop release iris 3 --canary 10');
}

function versionNumber(stated: string): number {
  if (/^[1-9]\d{0,14}$/.test(stated)) return Number(stated);
  throw new InvalidArgumentError('It must be a whole number from 1');
}

function percent(stated: string): number {
  const value = /^\d+(\.\d+)?$/.test(stated) ? Number(stated) : Number.NaN;
  if (value > 0 && value < 100) return value;
  throw new InvalidArgumentError('It must be a number between 0 and 100');
}
