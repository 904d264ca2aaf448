import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Difference } from '../../../models/compare/differences.ts';
import type { Evaluation } from '../../../models/learning/evaluate.ts';
import type { Card } from '../../client/answers.ts';
import { connect } from '../connection.ts';
import { teach } from '../help.ts';
import { printJson, printLine, printTable } from '../output.ts';
import { progressOn } from '../progress.ts';
import { readBytes } from '../read-bytes.ts';
import type { Terminal } from '../terminal.ts';
import { versionNumber } from '../version-number.ts';

interface Options {
  readonly input: string;
  readonly target?: string;
  readonly json?: boolean;
}

/** Rows that a person is shown; `--json` has all of them. */
const SHOWN = 20;

/** `modeldrop diff`: what changes for callers from one version to another. */
export function addDiff(program: Command, terminal: Terminal): void {
  const command = program
    .command('diff')
    .description('Ask two versions for the same table, and show row by row where they differ')
    .argument('<model>', 'name of the model')
    .argument('<a>', 'one version', versionNumber)
    .argument('<b>', 'another version', versionNumber)
    .requiredOption('--input <table>', 'CSV, JSON Lines, LIBSVM or Parquet, with the features as columns')
    .option('--target <column>', 'the column that holds the truth (default: what the card says, if it is there)')
    .option('--json', 'print {"rows", "changed", "largest", "differences", "metrics"}')
    .action((model: string, a: number, b: number, options: Options) => diff(terminal, model, [a, b], options));
  teach(command, 'modeldrop diff iris 1 2 --input flowers.csv', 'modeldrop diff iris 1 2 --input flowers.csv --json');
}

async function diff(
  terminal: Terminal,
  model: string,
  [a, b]: readonly [number, number],
  { input, target, json }: Options,
): Promise<void> {
  // Tables and metrics take longer to load than all else; other commands go without.
  const [{ parseTable }, { comparisonOf, differencesOf }, { answersOnTable, measured, typesIn }] = await Promise.all([
    import('../../../adapters/table/read-table.ts'),
    import('../../../models/compare/differences.ts'),
    import('../versions-on-table.ts'),
  ]);
  const client = await connect(terminal);
  const cards = [await client.card(model, a), await client.card(model, b)] as const;
  const file = { name: basename(input), bytes: await readBytes(input) };
  const { frame } = await parseTable(file, { ...typesIn(cards[0]), ...typesIn(cards[1]) });
  const progress = progressOn(terminal);
  progress.say(`asking both versions for ${frame.count} rows`);
  const before = await answersOnTable({ client, model, card: cards[0] }, frame).finally(progress.end);
  const after = await answersOnTable({ client, model, card: cards[1] }, frame).finally(progress.end);
  const differences = differencesOf(before, after);
  const truth = target ?? stated(cards, frame.columns);
  const evaluations = truth === undefined ? undefined : [before, after].map((side) => measured(side, frame, truth));
  const summary = comparisonOf(differences);
  if (json) {
    const metrics = evaluations && { [a]: evaluations[0]?.metrics, [b]: evaluations[1]?.metrics };
    return printJson(terminal.stdout, { ...summary, differences, ...(metrics && { metrics }) });
  }
  showRows(terminal, differences, [a, b]);
  const largest = summary.changed > 0 ? `; the largest difference is ${shortly(summary.largest)}` : '';
  printLine(terminal.stdout, `${summary.changed} of ${summary.rows} answers changed${largest}`);
  if (evaluations) showMetrics(terminal, evaluations, [a, b]);
}

/** What the cards say that they predict, where the table has it. */
const stated = (cards: readonly Card[], columns: readonly { readonly name: string }[]): string | undefined =>
  cards.map(({ card }) => card?.target as string | undefined).find((name) => columns.some((it) => it.name === name));

/** The rows that changed, the largest difference first. */
function showRows({ stdout }: Terminal, differences: readonly Difference[], [a, b]: readonly [number, number]): void {
  const changed = [...differences.entries()].filter(([, { changed }]) => changed).sort((x, y) => y[1].size - x[1].size);
  if (changed.length === 0) return;
  const rows = changed
    .slice(0, SHOWN)
    .map(([row, { before, after, size }]) => [row + 1, shown(before), shown(after), shortly(size)]);
  printTable(stdout, ['ROW', `VERSION ${a}`, `VERSION ${b}`, 'DIFFERENCE'], rows);
  if (changed.length > SHOWN) printLine(stdout, `and ${changed.length - SHOWN} more; --json prints every row`);
}

function showMetrics(
  { stdout }: Terminal,
  [before, after]: readonly Evaluation[],
  [a, b]: readonly [number, number],
): void {
  const names = Object.keys({ ...before?.metrics, ...after?.metrics });
  printTable(
    stdout,
    ['METRIC', `VERSION ${a}`, `VERSION ${b}`],
    names.map((name) => [name, figure(before?.metrics[name]), figure(after?.metrics[name])]),
  );
}

const shortly = (value: number): string => Number(value.toPrecision(4)).toString();
const figure = (value: number | null | undefined): string => (typeof value === 'number' ? shortly(value) : '-');
const shown = (answer: string | number): string =>
  typeof answer === 'number' ? String(Number(answer.toPrecision(8))) : answer;
