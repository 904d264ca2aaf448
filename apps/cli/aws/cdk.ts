import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type StackRole, stackName } from '../../../infra/aws/stack-names.ts';
import { Failure, Interrupted } from '../failures.ts';
import type { Template } from './stacks.ts';
import type { NamedStage } from './stage.ts';

/** What a line of the tool's says of the work, for whoever watches. */
export type Watch = (line: string) => void;

/** The pinned CDK, for one stage. What it synthesizes once is what it deploys: nothing changes between look and leap. */
export interface Cdk {
  synthesize(): Promise<void>;
  /** A synthesized stack. */
  template(stack: StackRole): Promise<Template>;
  deploy(watch: Watch): Promise<void>;
  destroy(stacks: readonly StackRole[], watch: Watch): Promise<void>;
}

export interface CdkOptions {
  readonly named: NamedStage;
  readonly region: string;
  /** Where it puts what it synthesizes. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ctrl-C, from when this first works on. */
  readonly interruption: () => AbortSignal;
}

const root = join(import.meta.dirname, '..', '..', '..');
const CDK = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
/** With the Node that runs this, whatever the PATH says. */
const APP = `"${process.execPath}" infra/aws/app.ts`;
const PLAIN = ['--ci', '--no-color', '--no-notices'];
/** A change set would only say again what was shown and agreed to. */
const HOW = ['--require-approval', 'never', '--method', 'direct', '--progress', 'events', '--concurrency', '4'];

export function childCdk(options: CdkOptions): Cdk {
  const { named, folder } = options;
  const stage = ['--context', `stage=${named.named}`];
  const nameOf = (stack: StackRole) => stackName(named.stage.name, stack);
  return {
    synthesize: () => run(options, ['synth', '--all', '--quiet', '--app', APP, '--output', folder, ...stage], () => {}),
    template: async (stack) => JSON.parse(await readFile(join(folder, `${nameOf(stack)}.template.json`), 'utf8')),
    deploy: (watch) => run(options, ['deploy', '--all', '--app', folder, ...HOW], watch),
    destroy: (stacks, watch) =>
      run(options, ['destroy', ...stacks.map(nameOf), '--exclusively', '--force', '--app', folder], watch),
  };
}

async function run({ region, env, interruption }: CdkOptions, args: readonly string[], watch: Watch): Promise<void> {
  const signal = interruption();
  const child = spawn(process.execPath, [CDK, ...args, ...PLAIN], {
    cwd: root,
    env: { ...env, AWS_REGION: region, AWS_DEFAULT_REGION: region },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      watch(line);
    });
  }
  const code = await ended;
  if (signal.aborted) throw new Interrupted(`interrupted; AWS ends what it has begun: run modeldrop ${args[0]} again`);
  if (code !== 0) throw new Failure(`cdk ${args[0]} failed: ${reasonIn(lines)}`);
}

/** The line that says why. What failed first is the cause of the rest. */
export function reasonIn(lines: readonly string[]): string {
  const told = lines.filter((line) => line.trim() !== '');
  const reason =
    told.find((line) => /\|\s*\w+_FAILED\s*\|/.test(line)) ??
    told.find((line) => /^stage .* (must|is)\b|❌|^\w*Error:/.test(line)) ??
    told.at(-1) ??
    'it did not say why';
  return reason.replaceAll(/\s+/g, ' ').trim();
}
