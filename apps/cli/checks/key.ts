import type { Scope } from '../../client/answers.ts';
import { ApiError } from '../../client/api-error.ts';
import { type Connection, call, type Request } from '../../client/call.ts';
import { type Finding, failed, fine } from './finding.ts';

/** Whether the key is known, and what it may do. Nothing is changed to find out. */
export async function checkKey(connection: Connection): Promise<Finding> {
  try {
    const granted = await Promise.all(probes.map(async (probe) => ((await may(connection, probe)) ? probe.scope : '')));
    return fine('key', `may ${granted.filter(Boolean).join(', ')}`);
  } catch (error) {
    return failed('key', (error as Error).message, 'set MODELDROP_KEY to a key of this platform');
  }
}

interface Probe {
  readonly scope: Scope;
  readonly path: string;
  readonly request?: Request;
}

/** The scope is asked for first, so that an upload without a body is refused only by its form. */
const probes: readonly Probe[] = [
  { scope: 'predict', path: '/v1/models' },
  { scope: 'deploy', path: '/v1/models/doctor/uploads', request: { method: 'POST', body: {} } },
  { scope: 'admin', path: '/v1/keys' },
];

const [UNKNOWN_KEY, SCOPE_MISSING] = [401, 403];

async function may(connection: Connection, { path, request = {} }: Probe): Promise<boolean> {
  try {
    await call(connection, path, request);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === UNKNOWN_KEY || error.status >= 500) throw error;
    return error.status !== SCOPE_MISSING;
  }
}
