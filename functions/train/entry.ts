import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TrainingJobs, trainingJobs } from '../../adapters/sagemaker/training-jobs.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import type { NetworkTraining } from '../http/network-training.ts';
import { trainFunction } from './handler.ts';
import { learnIn } from './learn.ts';
import { type Networks, orderFor, PROGRAM_FILE } from './network-order.ts';

const environment = readEnvironment('train', process.env);
const client = s3Client();
const registry = environment.MODELDROP_REGISTRY_BUCKET;

const MEGABYTE = 1024 * 1024;
const memoryBytes = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 1024) * MEGABYTE;

const networksOf = ({ prefix, ...site }: NetworkTraining, service: TrainingJobs): Networks => ({
  // The bundle has it beside its code.
  program: () => readFile(join(import.meta.dirname, PROGRAM_FILE)),
  start: (name) => service.start(orderFor(registry, name), site),
  prefix,
  memoryBytes,
});

/** Absent where the stage trains no networks. */
const stated = process.env.MODELDROP_TRAINING;

export const handler = trainFunction({
  inbox: s3Store({ bucket: environment.MODELDROP_INBOX_BUCKET, client }),
  registry: s3Store({ bucket: registry, client }),
  learn: learnIn(memoryBytes),
  ...(stated && {
    networks: networksOf(
      JSON.parse(stated),
      trainingJobs({ ...awsSession(process.env), endpoint: process.env.AWS_ENDPOINT_URL || undefined }),
    ),
  }),
  now: Date.now,
});
