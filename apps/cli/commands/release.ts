import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ReleaseCommand } from '../../../models/release-command.ts';
import { RELEASE_MODES, type ReleaseMode } from '../../../models/release-policy.ts';
import { connect } from '../connection.ts';
import { Misuse } from '../failures.ts';
import { teach } from '../help.ts';
import { printJson, printLine } from '../output.ts';
import { serving } from '../serving.ts';
import { standing } from '../standing.ts';
import type { Terminal } from '../terminal.ts';
import { versionNumber } from '../version-number.ts';

interface Options {
  readonly canary?: number;
  readonly bake?: number;
  readonly requests?: number;
  readonly shadow?: boolean;
  readonly mode?: ReleaseMode;
  readonly why?: string;
  readonly json?: boolean;
}

/** `modeldrop release`: puts a version into service, for all requests or for some. */
export function addRelease(program: Command, terminal: Terminal): void {
  const command = program
    .command('release')
    .description(
      'Put a version into service, everywhere within 5 seconds; or say how dropped versions come into service; ' +
        'or, with neither, tell how the model stands: what serves, how an open canary does, drift',
    )
    .argument('<model>', 'name of the model')
    .argument('[version]', 'its number', versionNumber)
    .option('--canary <percent>', 'for this part of the requests only, until it is judged', percent)
    .option('--bake <minutes>', 'promote a canary no sooner (default: 30)', minutes)
    .option('--requests <count>', 'promote a canary with no fewer requests (default: 100)', versionNumber)
    .option('--shadow', 'for copies of requests only, whose answers nobody sees')
    .option('--no-shadow', 'end the shadow')
    .addOption(new Option('--mode <mode>', 'how versions that are dropped come into service').choices(RELEASE_MODES))
    .option('--why <words>', 'the reason, for the history')
    .option('--json', 'print the channel as the API answers it')
    .action(async (model: string, version: number | undefined, options: Options) => {
      if (version === undefined && asksNothing(options)) return tellStanding(terminal, model, options.json ?? false);
      const wish = { ...moveOf(version, options), ...(options.why && { why: options.why }) };
      const channel = await (await connect(terminal)).release(model, wish);
      if (options.json) return printJson(terminal.stdout, channel);
      printLine(terminal.stdout, serving(channel));
    });
  teach(
    command,
    'modeldrop release iris   # how it stands',
    'modeldrop release iris 2',
    'modeldrop release iris 3 --canary 10 --bake 60',
    'modeldrop release iris --mode canary   # every version that is dropped from now on',
  );
}

async function tellStanding(terminal: Terminal, model: string, json: boolean): Promise<void> {
  const client = await connect(terminal);
  const [versions, card] = await Promise.all([client.versions(model), client.card(model)]);
  if (json) return printJson(terminal.stdout, { ...versions, ...(card.drift && { drift: card.drift }) });
  for (const line of standing(versions, card)) printLine(terminal.stdout, line);
}

const asksNothing = ({ canary, bake, requests, shadow, mode, why }: Options): boolean =>
  [canary, bake, requests, shadow, mode, why].every((option) => option === undefined);

/** @throws Misuse where the options do not make one move */
function moveOf(version: number | undefined, { canary, bake, requests, shadow, mode }: Options): ReleaseCommand {
  const terms = {
    ...(canary !== undefined && { weight: canary }),
    ...(bake !== undefined && { bakeMinutes: bake }),
    ...(requests !== undefined && { minimumRequests: requests }),
  };
  if (mode !== undefined && version !== undefined)
    throw new Misuse('--mode is of the model: leave the version out, or release it without --mode');
  if (mode !== undefined) return { policy: { mode, ...terms } };
  if (shadow === false && version === undefined) return { shadow: null };
  if (version === undefined) throw new Misuse('name a version to release, or give --mode or --no-shadow');
  if (shadow && canary !== undefined) throw new Misuse('a version is a canary or a shadow, not both');
  if (shadow) return { shadow: { version } };
  if (canary !== undefined) return { canary: { version, ...terms, weight: canary } };
  if (bake !== undefined || requests !== undefined) throw new Misuse('--bake and --requests are for --canary');
  return { stable: version };
}

function percent(stated: string): number {
  const value = decimal(stated);
  if (value > 0 && value < 100) return value;
  throw new InvalidArgumentError('It must be a number between 0 and 100');
}

function minutes(stated: string): number {
  const value = decimal(stated);
  if (value >= 0 && value <= 43_200) return value;
  throw new InvalidArgumentError('It must be a number of minutes, at most 43200');
}

const decimal = (stated: string): number => (/^\d+(\.\d+)?$/.test(stated) ? Number(stated) : Number.NaN);
