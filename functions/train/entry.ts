import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { trainFunction } from './handler.ts';
import { learnIn } from './learn.ts';

const environment = readEnvironment('train', process.env);
const client = s3Client();

const MEGABYTE = 1024 * 1024;
const memoryBytes = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 1024) * MEGABYTE;

export const handler = trainFunction({
  inbox: s3Store({ bucket: environment.MODELDROP_INBOX_BUCKET, client }),
  registry: s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client }),
  learn: learnIn(memoryBytes),
  now: Date.now,
});
