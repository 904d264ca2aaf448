import { freshView } from '../../adapters/registry/fresh.ts';
import { keysView } from '../../adapters/registry/keyring.ts';
import { s3PresignGet } from '../../adapters/store/presign.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import type { Channel } from '../../models/channel.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { catalogFunction } from './handler.ts';

const environment = readEnvironment('catalog', process.env);
const bucket = environment.MODELDROP_REGISTRY_BUCKET;
const client = s3Client();
const registry = s3Store({ bucket, client });
const now = Date.now;

/** Asked of SageMaker, which few stages have: loaded when it is. */
async function trainingProgress(name: string) {
  const [{ trainingJobs }, { awsSession }] = await Promise.all([
    import('../../adapters/sagemaker/training-jobs.ts'),
    import('../../adapters/store/aws-session.ts'),
  ]);
  const session = { ...awsSession(process.env), endpoint: process.env.AWS_ENDPOINT_URL || undefined };
  return trainingJobs(session).progress(name);
}

export const handler = catalogFunction({
  registry,
  channels: freshView<Channel>({ store: registry, now }),
  keyring: keysView(registry, now),
  presign: s3PresignGet({ bucket, client }),
  trainingProgress,
  log: powertoolsLog('catalog'),
  now,
  release: environment.MODELDROP_RELEASE,
});
