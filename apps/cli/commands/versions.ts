import type { Command } from 'commander';
import type { VersionSummary } from '../../client/answers.ts';
import { connect } from '../connection.ts';
import { teach } from '../help.ts';
import { printJson, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** `modeldrop versions`: every version of a model, and which of them serve. */
export function addVersions(program: Command, terminal: Terminal): void {
  const command = program
    .command('versions')
    .description('List the versions of a model, oldest first, and which of them serve')
    .argument('<model>', 'name of the model')
    .option('--json', 'print {"model", "versions", "history"} as the API answers it')
    .action(async (model: string, { json }: { json?: boolean }) => {
      const answer = await (await connect(terminal)).versions(model);
      if (json) return printJson(terminal.stdout, answer);
      printTable(terminal.stdout, ['VERSION', 'SERVES', 'KIND', 'FORMAT', 'CREATED', 'BY'], answer.versions.map(row));
    });
  teach(command, 'modeldrop versions iris', 'modeldrop versions iris --json');
}

const row = ({ version, kind, format, createdAt, createdBy, ...serving }: VersionSummary) => [
  version,
  servesAs(serving),
  kind,
  format,
  createdAt,
  createdBy,
];

function servesAs({ channel, weight, shadow }: Pick<VersionSummary, 'channel' | 'weight' | 'shadow'>) {
  if (channel === 'canary') return `canary, ${weight} %`;
  if (channel !== 'shadow' || shadow?.agreement == null) return channel;
  return `shadow, ${(100 * shadow.agreement).toFixed(1)} % of ${shadow.rows} rows alike`;
}
