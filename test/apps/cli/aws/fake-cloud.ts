import { PassThrough } from 'node:stream';
import type { Cloud, Reach } from '../../../../apps/cli/aws/cloud.ts';
import type { Template } from '../../../../apps/cli/aws/stacks.ts';
import type { Terminal } from '../../../../apps/cli/terminal.ts';
import { STACKS, type StackRole, stackName, stacksOf } from '../../../../infra/aws/stack-names.ts';
import { memoryStore } from '../../../memory-store.ts';

export const OPERATOR = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ada' };

const OUTPUTS: Partial<Record<StackRole, Record<string, string>>> = {
  Storage: { InboxBucket: 'the-inbox', RegistryBucket: 'the-registry' },
};

const RESOURCES = [
  { type: 'AWS::S3::Bucket', id: 'the-inbox' },
  { type: 'AWS::S3::Bucket', id: 'the-registry' },
  { type: 'AWS::KMS::Key', id: 'the-key' },
];

const TEMPLATE: Template = { Resources: { Inbox: { Type: 'AWS::S3::Bucket' } } };

export interface FakeOptions {
  readonly url?: string;
  readonly stage?: string;
  /** The stacks that are there before anything is done. */
  readonly deployed?: readonly StackRole[];
  /** Buckets whose content is nobody's to keep. */
  readonly passing?: readonly string[];
  /** Of SageMaker. */
  readonly endpoints?: readonly string[];
  readonly overrides?: Partial<Cloud>;
}

/** AWS as far as the commands ask it, in memory. `did` lists what was changed, in order. */
export function fakeCloud({
  url = '',
  stage = 'dev',
  deployed = [],
  passing = [],
  endpoints = [],
  overrides = {},
}: FakeOptions = {}) {
  const did: string[] = [];
  const there = new Set(deployed.map((role) => stackName(stage, role)));
  const registry = memoryStore();
  const outputsOf = (role: StackRole) => (role === 'Serving' ? { ApiUrl: `${url}/` } : (OUTPUTS[role] ?? {}));
  const cloud: Cloud = {
    region: 'eu-north-1',
    account: { caller: async () => OPERATOR, bootstrapVersion: async () => 28, functionsAtOnce: async () => 1_000 },
    stacks: {
      stack: async (name) => {
        const role = STACKS.find((each) => stackName(stage, each) === name);
        if (role === undefined || !there.has(name)) return undefined;
        return { status: 'CREATE_COMPLETE', outputs: outputsOf(role) };
      },
      template: async () => TEMPLATE,
      resources: async (name) =>
        name === stackName(stage, 'Pipeline') ? passing.map((id) => ({ type: 'AWS::S3::Bucket', id })) : RESOURCES,
      unprotect: async (name) => void did.push(`unprotect ${name}`),
    },
    buckets: {
      store: () => registry,
      empty: async (bucket, removed) => {
        removed(1);
        did.push(`empty ${bucket}`);
      },
      delete: async (bucket) => void did.push(`delete ${bucket}`),
    },
    endpoints: { beginningWith: async (prefix) => endpoints.filter((name) => name.startsWith(prefix)) },
    cdk: {
      synthesize: async () => void did.push('synthesize'),
      template: async () => TEMPLATE,
      deploy: async (watch) => {
        for (const role of stacksOf({})) {
          there.add(stackName(stage, role));
          watch(`${stackName(stage, role)} | 3/3 | 7:45:09 PM | CREATE_COMPLETE | AWS::CloudFormation::Stack | it`);
        }
        did.push('deploy');
      },
      destroy: async (roles) => {
        for (const role of roles) there.delete(stackName(stage, role));
        did.push(`destroy ${roles.join(' ')}`);
      },
    },
    ...overrides,
  };
  const controller = new AbortController();
  const reach: Reach = (_, work) => work(cloud, () => controller.signal);
  return { cloud, reach, did, registry, interrupt: () => controller.abort() };
}

/** A terminal whose output can be read, with a person at it who types `answer`. */
export function fakeTerminal({ env = {}, answer }: { env?: NodeJS.ProcessEnv; answer?: string } = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const isTTY = answer !== undefined;
  if (isTTY) stdin.write(`${answer}\n`);
  const terminal: Terminal = {
    env,
    stdin: Object.assign(stdin, { isTTY }),
    stdout,
    stderr: Object.assign(stderr, { isTTY }),
    interruption: () => new AbortController().signal,
  };
  const said = (stream: PassThrough): string => String(stream.read() ?? '');
  return { terminal, out: () => said(stdout), err: () => said(stderr) };
}
