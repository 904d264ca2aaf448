import type { Command } from 'commander';
import type { Drop } from '../../client/answers.ts';
import { connect } from '../connection.ts';
import { Failure, Interrupted } from '../failures.ts';
import { followDrop } from '../follow-drop.ts';
import { teach } from '../help.ts';
import { oneLine, printJson, printLine, printTable } from '../output.ts';
import { progressOn } from '../progress.ts';
import { rehearsalWords } from '../rehearsal-words.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `modeldrop drops`: what was dropped for a model, and what became of it. */
export function addDrops(program: Command, terminal: Terminal): void {
  const command = program
    .command('drops')
    .description('List what was dropped for a model, newest first; or show one drop, and why it was refused')
    .argument('<model>', 'name of the model')
    .argument('[drop]', 'its id')
    .option('--follow', 'wait until that drop, or the newest one, is released or refused')
    .option('--json', 'print {"drops"}, or the one drop, as the API answers it')
    .action((model: string, id: string | undefined, options: Options) => drops(terminal, model, id, options));
  teach(command, 'modeldrop drops iris', 'modeldrop drops iris 1f0c5a8e9b7d6c42', 'modeldrop drops iris --follow');
}

async function drops(
  terminal: Terminal,
  model: string,
  id: string | undefined,
  { follow = false, json = false }: Options,
): Promise<void> {
  const client = await connect(terminal);
  if (id === undefined && !follow) {
    const found = await client.drops(model);
    return json ? printJson(terminal.stdout, { drops: found }) : list(terminal, found);
  }
  const wanted = id ?? (await client.drops(model))[0]?.id;
  if (wanted === undefined) throw new Failure(`nothing was dropped for ${model} yet`);
  const drop = follow ? await followed(terminal, model, wanted) : await client.drop(model, wanted);
  return json ? printJson(terminal.stdout, drop) : show(terminal, drop);
}

async function followed(terminal: Terminal, model: string, id: string): Promise<Drop> {
  const [progress, signal] = [progressOn(terminal), terminal.interruption()];
  try {
    return await followDrop(await connect(terminal), model, { id }, { progress, signal });
  } catch (error) {
    throw signal.aborted ? new Interrupted(`interrupted; drop ${id} goes on`) : error;
  } finally {
    progress.end();
  }
}

const list = ({ stdout }: Terminal, found: readonly Drop[]): void =>
  printTable(
    stdout,
    ['DROP', 'FILE', 'STATE', 'VERSION', 'SERVES', 'SINCE'],
    found.map(({ id, file, state, version, servesAs, updatedAt }) => [id, file, state, version, servesAs, updatedAt]),
  );

function show(terminal: Terminal, drop: Drop): void {
  list(terminal, [drop]);
  if (drop.waitsFor) printLine(terminal.stdout, `it waits for ${oneLine(drop.waitsFor)}`);
  if (drop.rehearsal) for (const line of rehearsalWords(drop.rehearsal)) printLine(terminal.stdout, oneLine(line));
  for (const line of drop.error?.split('\n') ?? []) printLine(terminal.stdout, oneLine(line));
}
