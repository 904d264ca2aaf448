import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Key, KeyGrant, NewKey, Scope } from '../../client/answers.ts';
import { connect } from '../connection.ts';
import { Misuse } from '../failures.ts';
import { teach } from '../help.ts';
import { list } from '../list.ts';
import { printJson, printLine, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** `modeldrop keys`: who may call. */
export function addKeys(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('List, create and revoke keys (needs a key with scope admin)');
  teach(keys, 'modeldrop keys list', 'modeldrop keys create --name ci --scopes deploy --models "wine,iris-*"');
  addList(keys, terminal);
  addCreate(keys, terminal);
  addRevoke(keys, terminal);
}

function addList(keys: Command, terminal: Terminal): void {
  const command = keys
    .command('list')
    .description('List the keys, without their secrets')
    .option('--json', 'print {"keys": [...]}')
    .action(async ({ json }: { json?: boolean }) => {
      const all = await (await connect(terminal)).keys();
      if (json) return printJson(terminal.stdout, { keys: all });
      printTable(terminal.stdout, ['ID', 'NAME', 'TENANT', 'SCOPES', 'MODELS', 'CREATED'], all.map(row));
    });
  teach(command, 'modeldrop keys list');
}

const row = ({ id, name, tenant, scopes, models, createdAt }: Key) => [
  id,
  name,
  tenant,
  scopes.join(','),
  models.join(','),
  createdAt,
];

interface CreateOptions extends Omit<KeyGrant, 'tenant' | 'name'> {
  readonly name?: string;
  readonly tenant?: string;
  readonly admin?: boolean;
  readonly stage?: string;
  readonly json?: boolean;
}

function addCreate(keys: Command, terminal: Terminal): void {
  const command = keys
    .command('create')
    .description('Create a key; its secret is printed on stdout, this once')
    .option('--name <text>', 'what it is for (with --admin default: admin)')
    .option('--scopes <list>', 'of predict, deploy (includes predict), admin', scopes, ['predict'] as const)
    .option('--models <list>', 'names of models; * stands for any part of one', list, ['*'])
    .option('--tenant <name>', 'whose key it is (default: your own tenant)')
    .addOption(
      new Option('--admin', 'an admin key, written by your AWS credentials: no key is needed').conflicts([
        'scopes',
        'models',
      ]),
    )
    .option('--stage <name>', 'with --admin: the deployed stage, dev, prod, or your own file')
    .option('--json', 'print the key with its grant, the secret as "key"')
    .action(async ({ json, admin = false, stage, ...grant }: CreateOptions) => {
      const created = admin ? await createAsOperator(terminal, stage, grant) : await create(terminal, stage, grant);
      if (json) return printJson(terminal.stdout, created);
      printLine(terminal.stdout, created.key);
      printLine(
        terminal.stderr,
        `This is the secret of key ${created.id}. It is shown once and stored nowhere: keep it.`,
      );
    });
  teach(
    command,
    'modeldrop keys create --name web --scopes predict --models "wine,iris-*"',
    'KEY=$(modeldrop keys create --name ci --scopes deploy)',
    'modeldrop keys create --admin --stage prod       # with your AWS credentials, where no key is left',
  );
}

type Grant = Omit<CreateOptions, 'json' | 'admin' | 'stage'>;

async function create(terminal: Terminal, stage: string | undefined, { name, ...grant }: Grant): Promise<NewKey> {
  if (stage !== undefined) throw new Misuse('--stage goes with --admin');
  if (name === undefined) throw new Misuse('a key needs --name <text>, which says what it is for');
  return (await connect(terminal)).createKey({ name, ...grant });
}

async function createAsOperator(terminal: Terminal, stage: string | undefined, grant: Grant): Promise<NewKey> {
  if (stage === undefined) throw new Misuse('--admin needs --stage <name>: the stage that the key is for');
  const [{ createKeyOf }, { reachAws }] = await Promise.all([
    import('../aws/keys-create.ts'),
    import('../aws/cloud.ts'),
  ]);
  return createKeyOf(stage, grant, reachAws(terminal));
}

function addRevoke(keys: Command, terminal: Terminal): void {
  const command = keys
    .command('revoke')
    .description('Revoke a key, everywhere within 5 seconds')
    .argument('<id>', 'of the key, from keys list')
    .option('--json', 'print {"revoked": <id>}')
    .action(async (id: string, { json }: { json?: boolean }) => {
      await (await connect(terminal)).revokeKey(id);
      if (json) return printJson(terminal.stdout, { revoked: id });
      printLine(terminal.stdout, `key ${id} is revoked`);
    });
  teach(command, 'modeldrop keys revoke 0123456789abcdef');
}

const SCOPES: readonly Scope[] = ['predict', 'deploy', 'admin'];

function scopes(stated: string): Scope[] {
  const named = list(stated);
  if (named.every(isScope)) return named;
  throw new InvalidArgumentError(`It must be a list of ${SCOPES.join(', ')}`);
}

const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
