import type { Connection } from '../../client/call.ts';
import { client } from '../../client/client.ts';
import { type Finding, failed, fine } from './finding.ts';

/** Whether the platform answers. */
export async function checkPlatform(connection: Connection): Promise<Finding> {
  try {
    await client(connection).ready();
    return fine('platform', connection.url);
  } catch (error) {
    return failed('platform', (error as Error).message, 'start it with npm start, or set MODELDROP_URL');
  }
}
