import type { Command } from 'commander';
import type { Connection } from '../../client/call.ts';
import { type Finding, failed } from '../checks/finding.ts';
import { checkDisk, checkHome } from '../checks/home.ts';
import { checkKey } from '../checks/key.ts';
import { checkNode } from '../checks/node.ts';
import { checkPlatform } from '../checks/platform.ts';
import { checkPort } from '../checks/port.ts';
import { connectionFrom } from '../connection.ts';
import { Failure, Misuse } from '../failures.ts';
import { teach } from '../help.ts';
import { oneLine, printJson, printLine } from '../output.ts';
import { homeOf } from '../platform-note.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly aws?: boolean;
  readonly stage?: string;
  readonly json?: boolean;
}

/** `modeldrop doctor`: what stands in the way, and how to mend it. */
export function addDoctor(program: Command, terminal: Terminal): void {
  const command = program
    .command('doctor')
    .description('Check what Modeldrop needs: Node, platform, key, home, port, disk')
    .option('--aws', 'check what a deployment needs instead: credentials, region, bootstrap, Lambda, stacks')
    .option('--stage <name>', 'with --aws: dev, prod, or your own file (default: dev)')
    .option('--json', 'print {"ok", "checks": [{"check", "ok", "found", "mend"}]}')
    .action(async ({ aws = false, stage, json }: Options) => {
      if (stage !== undefined && !aws) throw new Misuse('--stage goes with --aws');
      const checks = aws ? await examineAws(terminal, stage) : await examine(terminal.env);
      const width = Math.max(...checks.map(({ check }) => check.length));
      const broken = checks.filter(({ ok }) => !ok);
      if (json) printJson(terminal.stdout, { ok: broken.length === 0, checks });
      else for (const finding of checks) printLine(terminal.stdout, oneLine(line(finding, width)));
      if (broken.length > 0) throw new Failure(`${broken.map(({ check }) => check).join(', ')} failed`);
    });
  teach(command, 'modeldrop doctor', 'modeldrop doctor --json', 'modeldrop doctor --aws --stage prod');
}

/** What stands in the way of a deployment. Nothing is touched. */
async function examineAws(terminal: Terminal, stage = 'dev'): Promise<readonly Finding[]> {
  const [{ preflight }, { reachAws }, { stageFor }] = await Promise.all([
    import('../aws/preflight.ts'),
    import('../aws/cloud.ts'),
    import('../aws/stage.ts'),
  ]);
  const named = await stageFor(stage);
  return reachAws(terminal)(named, async (cloud) => (await preflight(cloud, named.stage)).findings);
}

async function examine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const connection = await connectionFrom(env).catch((error: Error) => error);
  const calls = connection instanceof Error ? [noneKnown(connection)] : await examineCalls(connection);
  const running = connection instanceof Error || !calls[0]?.ok ? undefined : connection.url;
  const home = homeOf(env);
  const address = { host: env.MODELDROP_HOST || '127.0.0.1', port: Number(env.MODELDROP_PORT || 8080) };
  return [checkNode(), ...calls, await checkHome(home), await checkPort(address, running), await checkDisk(home)];
}

const noneKnown = ({ message }: Error): Finding => failed('platform', 'none is known', message);

/** A platform that does not answer says nothing of the key. */
async function examineCalls(connection: Connection): Promise<Finding[]> {
  const platform = await checkPlatform(connection);
  return platform.ok ? [platform, await checkKey(connection)] : [platform];
}

const line = ({ check, ok, found, mend }: Finding, width: number): string =>
  `${ok ? (mend === undefined ? 'ok    ' : 'note  ') : 'failed'}  ${check.padEnd(width)}  ${found}${mend === undefined ? '' : `; ${mend}`}`;
