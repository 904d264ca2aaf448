import { sureStart } from '../../adapters/lambda/sure-start.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3PresignPut, s3PresignRequest } from '../../adapters/store/presign.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { controlFunction } from './handler.ts';

const environment = readEnvironment('control', process.env);
const client = s3Client();
/** Absent where the stage has no asynchronous endpoints. */
const largestInput = process.env.MODELDROP_LARGEST_INPUT;
const startJob = sureStart({
  session: {
    ...awsSession(process.env),
    endpoint: process.env.AWS_ENDPOINT_URL_LAMBDA || process.env.AWS_ENDPOINT_URL || undefined,
  },
  functionName: environment.MODELDROP_JOBS_FUNCTION,
});

export const handler = controlFunction({
  registry: s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client }),
  presign: s3PresignPut({ bucket: environment.MODELDROP_INBOX_BUCKET, client }),
  presignRequest: s3PresignRequest({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client }),
  ...(largestInput && { largestInput: Number(largestInput) }),
  enqueue: (job) => startJob({ job }),
  log: powertoolsLog('control'),
  now: Date.now,
});
