import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { type Breach, excerpt } from '../../models/errors.ts';
import { trainingHour, usEast1 } from '../../models/plan/prices.ts';
import { checker } from '../../models/schema.ts';
import { dev } from './stages/dev.ts';
import { prod } from './stages/prod.ts';

const closed = { additionalProperties: false };

const limits = {
  /** Requests a second. */
  rate: Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }),
  burst: Type.Integer({ minimum: 1, maximum: 5_000 }),
};

const Tenant = Type.Object({ ...limits, quotaPerDay: Type.Optional(Type.Integer({ minimum: 1 })) }, closed);

const CHOICES = {
  encryption: ['s3', 'kms'],
  instance: Object.keys(usEast1.instanceHour),
  trainingInstance: Object.keys(trainingHour),
  /** What CloudWatch Logs can keep. */
  logRetentionDays: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653],
};

/** On either kind of endpoint. */
const TRITON = {
  /** Those on which SageMaker keeps many models behind one endpoint, and whose price we know. */
  instance: Type.String({ enum: CHOICES.instance }),
  /** Of an asynchronous endpoint, and so of each model: none while nobody asks it, so many at most. */
  max: Type.Integer({ minimum: 1, maximum: 100 }),
  /** Release of Triton, as `24.09`. */
  triton: Type.String({ pattern: '^[0-9]{2}\\.[0-9]{2}$' }),
};

const GpuSchema = Type.Object(
  {
    ...TRITON,
    /** Always up, and paid for. */
    min: Type.Integer({ minimum: 1, maximum: 100 }),
  },
  closed,
);
export type Gpu = Static<typeof GpuSchema>;

const AsyncGpuSchema = Type.Object(TRITON, closed);
export type AsyncGpu = Static<typeof AsyncGpuSchema>;

/** What a stage with asynchronous endpoints need not say. */
const ASYNC_GPU: Partial<AsyncGpu> = { max: 1, triton: '25.04' };

/** What a stage with a GPU need not say. */
const GPU: Partial<Gpu> = { min: 1, max: 1, triton: '25.04' };

const TrainingSchema = Type.Object(
  {
    /** Those without a GPU, and without a disk of their own, which would refuse a key; and whose price we know. */
    instance: Type.String({ enum: CHOICES.trainingInstance }),
    /** What takes longer is ended. */
    maxSeconds: Type.Integer({ minimum: 60, maximum: 86_400 }),
    /** Tag of AWS's container with PyTorch. */
    pytorch: Type.String({ pattern: '^[0-9.]+-cpu-py[0-9]+(-[a-z0-9.]+)*$' }),
  },
  closed,
);
export type Training = Static<typeof TrainingSchema>;

/** What a stage that trains networks need not say. */
const TRAINING: Partial<Training> = { maxSeconds: 3_600, pytorch: '2.5.1-cpu-py311-ubuntu22.04-sagemaker' };

const Megabytes = Type.Integer({ minimum: 128, maximum: 10_240 });

/** One deployment of the platform: everything about it that is a choice. */
export const Stage = Type.Object(
  {
    /** Part of every stack's name: two stages live beside each other in one account. */
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,19}$' }),
    /** Where the operator's credentials point to, if absent. */
    region: Type.Optional(Type.String({ pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$' })),
    /** Who is metered apart. Keys without a tenant belong to `default`. */
    tenants: Type.Object({ default: Tenant }, { additionalProperties: Tenant }),
    encryption: Type.Unsafe<'s3' | 'kms'>({ type: 'string', enum: CHOICES.encryption }),
    /** Whether the buckets and logs outlive the stacks. */
    retainData: Type.Boolean(),
    /** Who is written to when an alarm goes off. */
    alarms: Type.Optional(Type.Object({ email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$' }) }, closed)),
    logRetentionDays: Type.Unsafe<number>({ type: 'integer', enum: CHOICES.logRetentionDays }),
    /** All tenants together. */
    throttling: Type.Object(limits, closed),
    /** A machine with a GPU that is always up; none where absent. */
    gpu: Type.Optional(GpuSchema),
    /** A machine with a GPU for each model whose drop asks for one, up only while jobs wait for it; where absent, such drops are refused. */
    asyncGpu: Type.Optional(AsyncGpuSchema),
    /** Machines that train networks, each up for one training only; where absent, networks are refused. */
    training: Type.Optional(TrainingSchema),
    /** Megabytes for each function; processor time grows with it. */
    memory: Type.Object(
      {
        authorize: Megabytes,
        predict: Megabytes,
        catalog: Megabytes,
        control: Megabytes,
        jobs: Megabytes,
        deploy: Megabytes,
        verify: Megabytes,
        train: Megabytes,
        watch: Megabytes,
      },
      closed,
    ),
  },
  closed,
);
export type Stage = Static<typeof Stage>;

/** A stage that can't be: the place, the rule and the value found, in one line. */
export class StageRefused extends Error {
  override readonly name = 'StageRefused';
}

const TENANT_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

const check = checker(Stage);

/**
 * A stage of ours by its name, or yours from a `.json` or `.ts` file (its default export). What your file leaves out
 * is as in `dev`.
 * @throws StageRefused
 */
export async function stageNamed(name: unknown): Promise<Stage> {
  if (name === 'dev') return parseStage(dev, 'stage dev');
  if (name === 'prod') return parseStage(prod, 'stage prod');
  if (typeof name === 'string' && /\.(json|ts)$/.test(name)) {
    const stated = await readStage(name);
    if (!isRecord(stated)) throw new StageRefused(`stage ${name} must be an object, got ${excerpt(stated)}`);
    return parseStage(withDefaults(stated), `stage ${name}`);
  }
  throw new StageRefused(`stage must be dev, prod or a file that ends in .json or .ts, got ${excerpt(name)}`);
}

/** @throws StageRefused that names the place under `where` */
export function parseStage(stated: unknown, where: string): Stage {
  const verdict = check(stated, where);
  if (!verdict.ok) throw refusal(verdict.breach.where, ruleOf(verdict.breach), verdict.breach.found);
  const stage = verdict.value;
  for (const [tenant, { rate }] of Object.entries(stage.tenants)) {
    if (!TENANT_NAME.test(tenant)) throw refusal(`${where}.tenants`, `must be named ${TENANT_NAME.source}`, tenant);
    if (rate > stage.throttling.rate) {
      throw refusal(`${where}.tenants.${tenant}.rate`, `must be <= throttling.rate ${stage.throttling.rate}`, rate);
    }
  }
  const { gpu } = stage;
  if (gpu && gpu.max < gpu.min) throw refusal(`${where}.gpu.max`, `must be >= gpu.min ${gpu.min}`, gpu.max);
  return stage;
}

/** A choice is told with what can be chosen. */
function ruleOf({ where, rule }: Breach): string {
  const place = where.replace('.training.instance', '.trainingInstance');
  const choice = Object.entries(CHOICES).find(([name]) => place.endsWith(`.${name}`));
  return choice && rule.includes('allowed values') ? `must be one of ${choice[1].join(', ')}` : rule;
}

const refusal = (where: string, rule: string, found: unknown): StageRefused =>
  new StageRefused(`${where} ${rule}${found === undefined ? '' : `, got ${excerpt(found)}`}`);

async function readStage(file: string): Promise<unknown> {
  const path = resolve(file);
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'));
    return (await import(pathToFileURL(path).href)).default;
  } catch (cause) {
    const [line] = String((cause as Error).message).split('\n');
    throw new StageRefused(`stage ${file} must be a file that can be read: ${line}`, { cause });
  }
}

const { name: _, ...defaults } = dev;

const withDefaults = (stated: Record<string, unknown>): Record<string, unknown> => ({
  ...defaults,
  ...stated,
  ...(isRecord(stated.gpu) && { gpu: { ...GPU, ...stated.gpu } }),
  ...(isRecord(stated.asyncGpu) && { asyncGpu: { ...ASYNC_GPU, ...stated.asyncGpu } }),
  ...(isRecord(stated.training) && { training: { ...TRAINING, ...stated.training } }),
  memory: isRecord(stated.memory) ? { ...dev.memory, ...stated.memory } : (stated.memory ?? dev.memory),
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
