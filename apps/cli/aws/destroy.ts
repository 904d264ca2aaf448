import { endpointName } from '../../../infra/aws/endpoint-name.ts';
import { type StackRole, stackName, stacksOf } from '../../../infra/aws/stack-names.ts';
import type { Stage } from '../../../infra/aws/stages.ts';
import { Failure, Interrupted } from '../failures.ts';
import { printLine } from '../output.ts';
import { progressOn } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Cloud, Reach } from './cloud.ts';
import { leftOver } from './left-over.ts';
import { operatorOf } from './operator.ts';
import { agree, mustBeThere } from './question.ts';
import { stackProgress } from './stack-progress.ts';
import type { DeployedResource } from './stacks.ts';
import { type NamedStage, stageFor } from './stage.ts';
import { synthesize } from './synthesis.ts';

export interface DestroyOptions {
  readonly stage: string;
  readonly data?: boolean;
  readonly yes?: boolean;
}

/** Everything but what lasts. */
const servicesOf = (stage: Stage): StackRole[] => stacksOf(stage).filter((role) => role !== 'Storage');

/**
 * Removes what serves, and with `data` what is stored, in this order: nobody writes any more when the buckets are
 * emptied. It can be run again where it was interrupted.
 * @throws Misuse, Failure, Interrupted
 */
export async function destroy(terminal: Terminal, { stage, data = false, yes }: DestroyOptions, reach: Reach) {
  mustBeThere(terminal, yes);
  const named = await stageFor(stage);
  const { name } = named.stage;
  await reach(named, async (cloud, interruption) => {
    const { account } = await operatorOf(cloud.account);
    const stored = await storedBy(cloud, name);
    if (stored === undefined && !(await anyService(cloud, named.stage))) {
      return printLine(terminal.stderr, `stage ${name} is not deployed in account ${account}, ${cloud.region}`);
    }
    const what = data ? 'the platform, its models, keys and drops, for good' : 'the platform, and keeps its data';
    if (!yes) await agree(terminal, { about: `this removes ${what}: account ${account}`, answer: name });
    const left = await leftOver(cloud.stacks, named.stage);
    if (left !== undefined) throw new Failure(`${left.found}; ${left.mend}`);
    await requireNoEndpoints(cloud, named.stage);
    await synthesize(terminal, cloud);
    await emptyPassing(terminal, cloud, { stage: name, signal: interruption() });
    await remove(terminal, cloud, servicesOf(named.stage));
    if (stored === undefined) return;
    if (!data) return tellWhatStays(terminal, stored, stage);
    await removeData(terminal, { cloud, named, stored, signal: interruption() });
  });
}

const anyService = async ({ stacks }: Cloud, stage: Stage): Promise<boolean> =>
  (await Promise.all(servicesOf(stage).map((role) => stacks.stack(stackName(stage.name, role))))).some(Boolean);

/** They were made at run time: no stack takes them away, and `deploy` can't once it is gone. @throws Failure */
async function requireNoEndpoints({ endpoints }: Cloud, { name, asyncGpu }: Stage): Promise<void> {
  const [first, ...others] = asyncGpu ? await endpoints.beginningWith(`${endpointName(name)}-`) : [];
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new Failure(
    `the asynchronous endpoint ${first}${more} would outlive its stage; erase the models first: modeldrop delete <model>`,
  );
}

interface Passing {
  readonly stage: string;
  readonly signal: AbortSignal;
}

/** What is asked of asynchronous endpoints, and answered, is no data to keep: a bucket that holds any would keep its stack. */
async function emptyPassing(terminal: Terminal, cloud: Cloud, { stage, signal }: Passing): Promise<void> {
  const name = stackName(stage, 'Pipeline');
  if ((await cloud.stacks.stack(name)) === undefined) return;
  await empty(terminal, { cloud, buckets: idsOf(await cloud.stacks.resources(name), 'AWS::S3::Bucket'), signal });
}

interface Stored {
  readonly buckets: readonly string[];
  readonly keys: readonly string[];
}

async function storedBy({ stacks }: Cloud, stage: string): Promise<Stored | undefined> {
  const name = stackName(stage, 'Storage');
  if ((await stacks.stack(name)) === undefined) return undefined;
  const resources = await stacks.resources(name);
  return { buckets: idsOf(resources, 'AWS::S3::Bucket'), keys: idsOf(resources, 'AWS::KMS::Key') };
}

const idsOf = (resources: readonly DeployedResource[], wanted: string): string[] =>
  resources.filter(({ type, id }) => type === wanted && id !== '').map(({ id }) => id);

async function remove(terminal: Terminal, { cdk }: Cloud, stacks: Parameters<Cloud['cdk']['destroy']>[0]) {
  const { watch, end } = stackProgress(terminal);
  await cdk.destroy(stacks, watch).finally(end);
}

interface Data {
  readonly cloud: Cloud;
  readonly named: NamedStage;
  readonly stored: Stored;
  readonly signal: AbortSignal;
}

async function removeData(terminal: Terminal, { cloud, named: { stage }, stored, signal }: Data): Promise<void> {
  await empty(terminal, { cloud, buckets: stored.buckets, signal });
  if (stage.retainData) await cloud.stacks.unprotect(stackName(stage.name, 'Storage'));
  await remove(terminal, cloud, ['Storage']);
  if (!stage.retainData) return printLine(terminal.stderr, 'Everything is removed.');
  // Such a stage tells CloudFormation to leave them.
  for (const bucket of stored.buckets) await cloud.buckets.delete(bucket);
  printLine(
    terminal.stderr,
    'The platform and its data are removed. The logs of the functions stay in CloudWatch Logs.',
  );
  for (const key of stored.keys) {
    printLine(terminal.stderr, `The encryption key stays: aws kms schedule-key-deletion --key-id ${key}`);
  }
}

interface Emptying {
  readonly cloud: Cloud;
  readonly buckets: readonly string[];
  readonly signal: AbortSignal;
}

/** @throws Interrupted */
async function empty(terminal: Terminal, { cloud, buckets, signal }: Emptying): Promise<void> {
  const progress = progressOn(terminal);
  for (const bucket of buckets) {
    const removed = (count: number): void => {
      progress.say(`${bucket}: ${count} removed`);
      if (signal.aborted) throw new Interrupted('interrupted; run the same modeldrop destroy again for the rest');
    };
    await cloud.buckets.empty(bucket, removed).finally(progress.end);
  }
}

function tellWhatStays({ stderr }: Terminal, { buckets, keys }: Stored, stage: string): void {
  printLine(stderr, 'The platform is removed. What stays:');
  for (const bucket of buckets) printLine(stderr, `  s3://${bucket}`);
  for (const key of keys) printLine(stderr, `  encryption key ${key}`);
  printLine(stderr, `To bring it back: modeldrop deploy --stage ${stage}`);
  printLine(stderr, `To remove that too: modeldrop destroy --stage ${stage} --data`);
}
