import { eventRule } from '../../adapters/aws/event-rule.ts';
import { readLog } from '../../adapters/aws/read-log.ts';
import { driftLine } from '../../adapters/meter/drift-line.ts';
import { LOGGED } from '../../adapters/meter/logged.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { powertoolsLog } from '../http/log.ts';
import { watchFunction } from './handler.ts';

const environment = readEnvironment('watch', process.env);
const session = { ...awsSession(process.env), endpoint: process.env.AWS_ENDPOINT_URL || undefined };

export const handler = watchFunction({
  registry: s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client: s3Client() }),
  log: readLog({
    session,
    logGroups: [environment.MODELDROP_PREDICT_LOG, environment.MODELDROP_JOBS_LOG],
    pattern: LOGGED,
  }),
  minutes: eventRule({ session, name: environment.MODELDROP_MINUTES_RULE }),
  drift: (model, figure) => process.stdout.write(driftLine(model, figure, Date.now())),
  now: Date.now,
  logger: powertoolsLog('watch'),
});
