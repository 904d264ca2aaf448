import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Finding, failed, fine } from './finding.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Whether the local platform could listen here, or one that answers at `running` does. */
export async function checkPort({ host, port }: Address, running: string | undefined): Promise<Finding> {
  const ours = running === undefined ? null : URL.parse(running);
  if (ours !== null && [host, ...LOOPBACK].includes(ours.hostname))
    return fine('port', `${ours.host} is the platform's`);
  const code = await refusalToListen({ host, port });
  if (code === undefined) return fine('port', `${host}:${port} is free`);
  return failed(
    'port',
    `${host}:${port} can't be had (${code})`,
    'set MODELDROP_PORT to another; 0 takes any free one',
  );
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

async function refusalToListen(address: Address): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(address);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    server.close();
  }
}
