import type { IncomingMessage } from 'node:http';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { PresignedPut } from '../../adapters/store/presign.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModeldropError } from '../../models/errors.ts';
import { seal } from './seal.ts';

/** An upload's URL that was altered, used before, or is too old. */
class UploadRefused extends ModeldropError {
  override readonly name = 'UploadRefused';
  readonly status = 403;
  constructor() {
    super('this upload URL is not valid any more; ask POST /v1/models/{model}/uploads for another');
  }
}

class UploadTooLarge extends ModeldropError {
  override readonly name = 'UploadTooLarge';
  readonly status = 413;
  constructor(most: number) {
    super(`an upload must be at most ${most} bytes`);
  }
}

interface Ticket {
  readonly key: string;
  readonly sha256: string;
  readonly expires: number;
  readonly serial: number;
  /** Bytes that it may take. */
  readonly most: number;
}

export interface UploadDoorPorts {
  readonly inbox: Store;
  readonly now: () => number;
  /** Called once the bytes are in the inbox. */
  readonly landed: (key: string) => void;
}

const VALID_MS = 15 * 60_000;
const SILENT_MS = 30_000;
const MAX_UPLOAD_BYTES = 512 * 1024 * 1024;

/** What S3's presigned PUTs are on AWS: URLs that take exactly the stated bytes, once, for a while, without a key. */
export function uploadDoor({ inbox, now, landed }: UploadDoorPorts) {
  const tickets = seal<Ticket>();
  const open = new Set<number>();
  let serials = 0;

  /** @throws UploadRefused */
  const ticketOf = (request: FastifyRequest): Ticket => {
    const ticket = tickets.open((request.params as { '*': string })['*']);
    if (ticket === undefined || !open.has(ticket.serial) || ticket.expires < now()) throw new UploadRefused();
    return ticket;
  };

  const door: FastifyPluginAsync = async (app) => {
    // A wildcard, as a named parameter is at most 100 characters long. The ticket is checked before a byte is read.
    app.put('/uploads/*', { onRequest: async (request) => void ticketOf(request) }, async (request, reply) => {
      const bytes = await collect(request.raw, ticketOf(request).most);
      const ticket = ticketOf(request);
      if (sha256(bytes) !== ticket.sha256) {
        const rule = `must have the SHA-256 ${ticket.sha256}`;
        throw new MalformedRequest({ where: 'body', rule, found: sha256(bytes) });
      }
      await put(inbox, ticket.key, bytes);
      open.delete(ticket.serial);
      landed(ticket.key);
      return reply.status(200).send();
    });
  };

  const presign = async (url: string, key: string, sha256: string, most = MAX_UPLOAD_BYTES): Promise<PresignedPut> => {
    const [expires, serial] = [now() + VALID_MS, serials++];
    open.add(serial);
    setTimeout(() => open.delete(serial), VALID_MS).unref();
    return {
      url: `${url}/uploads/${tickets.close({ key, sha256, expires, serial, most })}`,
      headers: { 'content-type': 'application/octet-stream' },
      expires: new Date(expires).toISOString(),
    };
  };

  return { door, presign };
}

/** @throws UploadTooLarge; what the stream throws where its sender falls silent or goes */
async function collect(request: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(request.headers['content-length']) > most) throw new UploadTooLarge(most);
  request.setTimeout(SILENT_MS, () => request.destroy());
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > most) throw new UploadTooLarge(most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
