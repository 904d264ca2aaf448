import { sendMessage } from '../../adapters/aws/send-message.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3PresignPut } from '../../adapters/store/presign.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { controlFunction } from './handler.ts';

const environment = readEnvironment('control', process.env);
const client = s3Client();
const session = {
  ...awsSession(process.env),
  endpoint: process.env.AWS_ENDPOINT_URL_SQS || process.env.AWS_ENDPOINT_URL || undefined,
};
const send = sendMessage({ session, url: environment.MODELDROP_JOB_QUEUE });

export const handler = controlFunction({
  registry: s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client }),
  presign: s3PresignPut({ bucket: environment.MODELDROP_INBOX_BUCKET, client }),
  enqueue: (job) => send({ job }),
  log: powertoolsLog('control'),
  now: Date.now,
});
