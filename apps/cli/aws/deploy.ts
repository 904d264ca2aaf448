import type { Stage } from '../../../infra/aws/stages.ts';
import { Misuse } from '../failures.ts';
import { oneLine, printLine } from '../output.ts';
import { progressOn } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { firstAdminKey } from './admin-key.ts';
import { anyChange, changeWords } from './change-words.ts';
import { plannedChanges } from './changes.ts';
import type { Cloud, Reach } from './cloud.ts';
import { printDeployment, tellDeployment, tellProof } from './deploy-report.ts';
import { deploymentOf } from './deployment.ts';
import { cleared, preflight } from './preflight.ts';
import { agree, mustBeThere } from './question.ts';
import { type Proof, smoke } from './smoke.ts';
import { stackProgress } from './stack-progress.ts';
import { stageFor } from './stage.ts';
import { synthesize } from './synthesis.ts';

export interface DeployOptions {
  readonly stage: string;
  readonly yes?: boolean;
  readonly examples?: boolean;
  readonly url?: string;
  readonly json?: boolean;
}

/**
 * Looks, asks, deploys, makes the first key, and asks the platform through its real address. Nothing is touched before
 * every check has passed and somebody has agreed.
 * @throws Misuse, Failure, Interrupted
 */
export async function deploy(terminal: Terminal, options: DeployOptions, reach: Reach): Promise<void> {
  if (options.url !== undefined) checkAddress(options.url);
  mustBeThere(terminal, options.yes);
  const named = await stageFor(options.stage);
  await reach(named, async (cloud, interruption) => {
    const operator = await release(terminal, { cloud, stage: named.stage, yes: options.yes });
    const { url, inbox, registry } = await deploymentOf(cloud.stacks, named.stage);
    const created = await firstAdminKey(cloud.buckets.store(registry), operator);
    const address = bare(options.url ?? url);
    const key = created?.key ?? ownKey(terminal.env, address);
    const deployment = { url: address, inbox, registry };
    // Before anything can go wrong, for the key is stored nowhere.
    if (!options.json) tellDeployment(terminal, deployment, created);
    const example = options.examples ?? false;
    const proof = await prove(terminal, { url: address, key, example, signal: interruption() });
    if (options.json) printDeployment(terminal, { deployment, created, proof });
    if (proof instanceof Error) throw proof;
    if (!options.json) tellProof(terminal, deployment, proof);
  });
}

interface Release {
  readonly cloud: Cloud;
  readonly stage: Stage;
  readonly yes: boolean | undefined;
}

/** @returns who has deployed it */
async function release(terminal: Terminal, { cloud, stage, yes }: Release): Promise<string> {
  const { stderr } = terminal;
  const { account, arn } = cleared(await preflight(cloud, stage), terminal);
  printLine(stderr, `stage ${stage.name}, account ${account}, region ${cloud.region}`);
  await synthesize(terminal, cloud);
  const changes = await plannedChanges(cloud, stage);
  for (const line of changeWords(changes)) printLine(stderr, line);
  if (!yes && anyChange(changes)) {
    await agree(terminal, { about: oneLine(`this deploys to account ${account}`), answer: 'yes' });
  }
  const { watch, end } = stackProgress(terminal);
  await cloud.cdk.deploy(watch).finally(end);
  return arn;
}

interface Asked {
  readonly url: string;
  readonly key: string | undefined;
  readonly example: boolean;
  readonly signal: AbortSignal;
}

async function prove(terminal: Terminal, asked: Asked): Promise<Proof | Error> {
  const progress = progressOn(terminal);
  try {
    return await smoke({ ...asked, progress });
  } catch (error) {
    return error as Error;
  } finally {
    progress.end();
  }
}

/** The caller's own key, unless it is stated to be another platform's. */
const ownKey = ({ MODELDROP_URL: url, MODELDROP_KEY: key }: NodeJS.ProcessEnv, asked: string): string | undefined =>
  url && bare(url) !== asked ? undefined : key || undefined;

const bare = (url: string): string => url.replace(/\/+$/, '');

function checkAddress(url: string): void {
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return;
  throw new Misuse(`--url must be an http or https address, got ${JSON.stringify(url)}`);
}
