import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { flags } from '../../../infra/aws/flags.ts';
import { platform } from '../../../infra/aws/platform.ts';
import type { Template } from '../../../infra/aws/rules/rule.ts';
import { dev } from '../../../infra/aws/stages/dev.ts';
import { prod } from '../../../infra/aws/stages/prod.ts';
import { parseStage, type Stage } from '../../../infra/aws/stages.ts';

/** A stage with everything that a stage can ask for. */
export const lavish: Stage = parseStage(
  {
    ...prod,
    name: 'lavish',
    region: 'eu-central-1',
    encryption: 'kms',
    tenants: { default: { rate: 10, burst: 20 }, acme: { rate: 5, burst: 10, quotaPerDay: 1_000 } },
    alarms: { email: 'ops@example.com' },
    gpu: { instance: 'ml.g4dn.xlarge', min: 1, max: 3, triton: '25.04' },
    asyncGpu: { instance: 'ml.g5.xlarge', max: 2, triton: '25.04' },
    training: { instance: 'ml.m5.large', maxSeconds: 3_600, pytorch: '2.5.1-cpu-py311-ubuntu22.04-sagemaker' },
  },
  'lavish',
);

export const stages = { dev, prod, lavish } as const;
export type StageName = keyof typeof stages;

export type StackName = 'Storage' | 'Gpu' | 'Serving' | 'Pipeline' | 'Operations';

export interface Synthesized {
  readonly folder: string;
  readonly templates: Readonly<Record<StackName, Template>>;
}

const known = new Map<Stage, Synthesized>();

/** The templates of a stage, all of nag's and our own rules kept, code not bundled. Each is made once a process. */
export function synthesized(stage: Stage): Synthesized {
  const made = known.get(stage) ?? synthesize(stage);
  known.set(stage, made);
  return made;
}

/** `schemas`: whether the construct library checks the templates against CloudFormation's schemas, which takes a while. */
export function synthesize(stage: Stage, { schemas = false } = {}): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'modeldrop-synth-'));
  const context = { ...flags, 'aws:cdk:bundling-stacks': [] };
  const app = new App({
    context,
    autoSynth: false,
    outdir: folder,
    treeMetadata: false,
    builtinCloudFormationValidation: schemas,
  });
  platform(app, stage);
  const templates = app.synth().stacks.map(({ id, template }) => [id.split('-').at(-1), template]);
  return { folder, templates: Object.fromEntries(templates) };
}

/** A resource's properties, for looking into. */
// biome-ignore lint/suspicious/noExplicitAny: a template is as deep as CloudFormation
export type Properties = Record<string, any>;

export const ofType = (template: Template, type: string): Properties[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties = {} }) => Properties);
