import type { Command } from 'commander';
import type { Drop } from '../../client/answers.ts';
import { client } from '../../client/client.ts';
import { connectionFrom } from '../connection.ts';
import { deliver } from '../delivery.ts';
import { Failure } from '../failures.ts';
import { teach } from '../help.ts';
import { list } from '../list.ts';
import { oneLine, printJson, printLine } from '../output.ts';
import { type Declaration, modelPathIn, parcelOf } from '../parcel.ts';
import { progressOn } from '../progress.ts';
import { rehearsalWords } from '../rehearsal-words.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends Declaration {
  readonly name?: string;
  readonly json?: boolean;
}

/** `modeldrop push`: from a model file to an endpoint. */
export function addPush(program: Command, terminal: Terminal): void {
  const command = program
    .command('push')
    .description('Upload a model file, and wait until it is released or refused')
    .argument('<file...>', 'a model file; beside it examples.json, labelled.csv, drop.json and, of LIBSVM, its .range')
    .option('--name <model>', "the model's name (default: of the file, or of the folder that model.json lies in)")
    .option('--features <list>', 'names of the features, such as a,b,c, for a file that has none', list)
    .option('--labels <list>', 'names of the classes, in the order of the file', list)
    .option('--json', 'print the drop and the "url" to call')
    .action((files: string[], options: Options) => push(terminal, files, options));
  teach(
    command,
    'modeldrop push wine/model.json wine/examples.json',
    'modeldrop push svm.model svm.range --name scaled',
    'modeldrop push iris.model --name iris --features "length,width" --labels "setosa,virginica"',
  );
}

async function push(terminal: Terminal, paths: string[], { name, json, ...declaration }: Options): Promise<void> {
  // It brings the schemas of all models, which take longer to load than all else; other commands go without.
  const { checkedName, nameFor } = await import('../model-name.ts');
  const model = name === undefined ? nameFor(modelPathIn(paths)) : checkedName(name);
  const parcel = await parcelOf(paths, declaration);
  const connection = await connectionFrom(terminal.env);
  const progress = progressOn(terminal);
  const attendance = { progress, signal: terminal.interruption() };
  const drop = await deliver(client(connection), model, parcel, attendance).finally(progress.end);
  report(terminal, drop, { json, url: `${connection.url}/v1/models/${model}:predict` });
}

const outcomes = {
  stable: ({ version }: Drop) => `version ${version} serves`,
  canary: ({ version }: Drop) => `version ${version} serves some of the requests, as a canary`,
  shadow: ({ version }: Drop) => `version ${version} sees copies of the requests, as a shadow`,
  none: ({ model, version }: Drop) => `version ${version} waits for: modeldrop release ${model} ${version}`,
};

function report(
  { stdout }: Terminal,
  drop: Drop,
  { json = false, url }: { readonly json: boolean | undefined; readonly url: string },
): void {
  const refused = drop.state === 'refused';
  if (json) printJson(stdout, { ...drop, ...(!refused && { url }) });
  if (refused) throw new Failure(`${drop.file} is refused: ${drop.error ?? 'the platform gives no reason'}`);
  if (json) return;
  printLine(stdout, `${drop.model}: ${outcomes[drop.servesAs ?? 'stable'](drop)}`);
  if (drop.servesAs === 'none' && drop.rehearsal)
    for (const line of rehearsalWords(drop.rehearsal)) printLine(stdout, oneLine(line));
  printLine(stdout, url);
}
