import { type ChildProcess, spawn } from 'node:child_process';
import { CreateBucketCommand, type S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { s3Client } from '../adapters/store/s3-client.ts';

/** AWS on this machine, as far as moto plays it: everything in memory, no signature checked. */
export interface Moto {
  readonly url: string;
  /** A client like those of the functions; through another address, where a test puts something in between. */
  s3(url?: string, overrides?: S3ClientConfig): S3Client;
  /** A bucket of a new name. */
  bucket(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * moto looks at a condition, writes, and notes metadata in three steps, and answers in threads: now and then two writers who
 * race would both win, which S3 never lets happen.
 */
const ONE_AT_A_TIME = `
import threading
from moto.s3.responses import S3Response
from moto.server import main
lock = threading.RLock()
def alone(method):
    def held(self, *args, **kwargs):
        with lock:
            return method(self, *args, **kwargs)
    return held
for name in ("put_object", "delete_object", "head_object", "get_object"):
    setattr(S3Response, name, alone(getattr(S3Response, name)))
main()
`;

const COMMANDS = [
  ['python3', '-c', ONE_AT_A_TIME, '-H', '127.0.0.1', '-p', '0'],
  ['moto_server', '-H', '127.0.0.1', '-p', '0'],
  ['python3', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'],
] as const;

/**
 * Starts a stand-in of its own on a free port. Undefined where moto is not installed: then the tests that need it skip,
 * and say so.
 *
 * @throws Error in continuous integration, where they must not skip
 */
export async function startMoto(): Promise<Moto | undefined> {
  const failures: string[] = [];
  for (const [command, ...parameters] of COMMANDS) {
    const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    const { url, output } = await listening(child);
    if (url !== undefined) return moto(url, child);
    failures.push(`${command}: ${output.trim().split('\n').at(-1)}`);
  }
  const reason = `no moto on this machine (${failures.join('; ')}); to have it: pip install 'moto[server]'`;
  if (process.env.CI) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return undefined;
}

function moto(url: string, child: ChildProcess): Moto {
  process.once('exit', () => child.kill('SIGKILL'));
  const clients: S3Client[] = [];
  let buckets = 0;

  const s3 = (address = url, overrides: S3ClientConfig = {}): S3Client => {
    const client = s3Client({
      endpoint: address,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
      ...overrides,
    });
    clients.push(client);
    return client;
  };

  return {
    url,
    s3,
    async bucket() {
      const name = `bucket-${++buckets}`;
      await (clients[0] ?? s3()).send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async stop() {
      for (const client of clients) client.destroy();
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Waits until the server says its address, or ends without one. */
function listening(child: ChildProcess): Promise<{ url: string | undefined; output: string }> {
  let output = '';
  return new Promise((resolve) => {
    const end = (reason: string): void => resolve({ url: undefined, output: output + reason });
    child.once('error', (error) => end(error.message));
    child.once('exit', (code) => end(`\nended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        // Its access log fills up the pipe unless somebody reads it.
        if (output.length < 10_000) output += chunk;
        const [, url] = /Running on (http:\/\/\S+)/.exec(output) ?? [];
        if (url !== undefined) resolve({ url, output });
      });
    }
  });
}
