import { keysView } from '../../adapters/registry/keyring.ts';
import { s3Store } from '../../adapters/store/s3.ts';
import { s3Client } from '../../adapters/store/s3-client.ts';
import { readEnvironment } from '../http/environment.ts';
import { authorizeFunction } from './handler.ts';

const environment = readEnvironment('authorize', process.env);
const registry = s3Store({ bucket: environment.MODELDROP_REGISTRY_BUCKET, client: s3Client() });
const meterKeys: Readonly<Record<string, string>> = JSON.parse(environment.MODELDROP_METER_KEYS);

export const handler = authorizeFunction({
  keyring: keysView(registry, Date.now),
  meterKey: (tenant) => meterKeys[tenant],
});
