import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import type { StoreReader } from '../adapters/store/store.ts';

export interface CannedS3 {
  readonly url: string;
  close(): Promise<void>;
}

/** A stand-in for S3 on loopback that gives a store's objects, as they are in a bucket of any name. */
export async function cannedS3(store: StoreReader): Promise<CannedS3> {
  const server = createServer(async ({ url = '/' }, response) => {
    const [, , ...path] = decodeURIComponent(new URL(url, 'http://s3').pathname).split('/');
    const stored = await store.read(path.join('/'));
    if (stored === undefined) return void refuse(response);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(stored.bytes));
    response.writeHead(200, {
      'content-length': stored.bytes.length,
      etag: `"${stored.etag}"`,
      'x-amz-checksum-crc32': checksum.toString('base64'),
    });
    response.end(stored.bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const refuse = (response: ServerResponse) =>
  response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>');
