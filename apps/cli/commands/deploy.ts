import type { Command } from 'commander';
import type { DeployOptions } from '../aws/deploy.ts';
import { teach } from '../help.ts';
import type { Terminal } from '../terminal.ts';

/** `modeldrop deploy`: the platform, into your own AWS account. */
export function addDeploy(program: Command, terminal: Terminal): void {
  const command = program
    .command('deploy')
    .description('Deploy the platform to your AWS account, or what has changed of it')
    .option('--stage <name>', 'dev, prod, or your own file (.json or .ts)', 'dev')
    .option('--yes', 'go on without asking; needed where nobody watches')
    .option('--examples', 'push the bundled linear-regression if it is not there, and predict with it')
    .option('--url <address>', 'where callers reach it, such as your own domain (default: the address of its gateway)')
    .option('--json', 'print {"url", "inbox", "registry", "key", "proof"}')
    .action(async (options: DeployOptions) => {
      // AWS's SDK takes longer to load than all else; other commands go without.
      const [{ deploy }, { reachAws }] = await Promise.all([import('../aws/deploy.ts'), import('../aws/cloud.ts')]);
      await deploy(terminal, options, reachAws(terminal));
    });
  teach(
    command,
    'modeldrop doctor --aws                           # what stands in the way; changes nothing',
    'modeldrop deploy                                 # shows what will change, asks, deploys, tries it out',
    'modeldrop deploy --stage prod --yes --json       # in a pipeline',
    'modeldrop deploy --stage ours.json --examples    # "name", "region", and whatever differs from dev',
  );
}
