import { keysView } from '../../adapters/registry/keyring.ts';
import { awsSession } from '../../adapters/store/aws-session.ts';
import { s3Reader } from '../../adapters/store/s3-reader.ts';
import { readEnvironment } from '../http/environment.ts';
import { authorizeFunction } from './handler.ts';

const environment = readEnvironment('authorize', process.env);
const registry = s3Reader({ bucket: environment.MODELDROP_REGISTRY_BUCKET, session: awsSession(process.env) });
const meterKeys: Readonly<Record<string, string>> = JSON.parse(environment.MODELDROP_METER_KEYS);

export const handler = authorizeFunction({
  keyring: keysView(registry, Date.now),
  meterKey: (tenant) => meterKeys[tenant],
});
