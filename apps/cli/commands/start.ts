import { type Command, InvalidArgumentError } from 'commander';
import { teach } from '../help.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly port?: string;
  readonly host?: string;
  readonly home?: string;
  readonly examples: boolean;
}

/** `modeldrop start`: the whole platform on this machine, until Ctrl-C. */
export function addStart(program: Command, { env }: Terminal): void {
  const command = program
    .command('start')
    .description('Run the platform on this machine')
    .option('--port <number>', 'port of the API; 0 takes any free one (default: MODELDROP_PORT, or 8080)', port)
    .option('--host <address>', 'address to listen on (default: MODELDROP_HOST, or 127.0.0.1)')
    .option('--home <folder>', 'folder of inbox and registry (default: MODELDROP_HOME, or .modeldrop)')
    .option('--no-examples', 'start without the bundled examples')
    .action(async (options: Options) => {
      // Only this command needs the platform's code; all others start without it.
      const { main } = await import('../../../infra/local/main.ts');
      await main(overridden(env, options));
    });
  teach(command, 'modeldrop start', 'modeldrop start --port 0 --home /tmp/scratch --no-examples');
}

function port(stated: string): string {
  if (/^\d{1,5}$/.test(stated) && Number(stated) <= 65_535) return stated;
  throw new InvalidArgumentError('It must be a port from 0 to 65535');
}

const overridden = (env: NodeJS.ProcessEnv, { port, host, home, examples }: Options): NodeJS.ProcessEnv => ({
  ...env,
  ...(port !== undefined && { MODELDROP_PORT: port }),
  ...(host !== undefined && { MODELDROP_HOST: host }),
  ...(home !== undefined && { MODELDROP_HOME: home }),
  ...(!examples && { MODELDROP_EXAMPLES: '0' }),
});
