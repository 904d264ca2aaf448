import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import { sha256 } from '../../adapters/registry/sha256.ts';
import type { PresignedPut } from '../../adapters/store/presign.ts';
import { put } from '../../adapters/store/put.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModeldropError } from '../../models/errors.ts';

/** An upload's URL that was altered, or is too old. */
class UploadRefused extends ModeldropError {
  readonly status = 403;
  constructor() {
    super('this upload URL is not valid any more; ask POST /v1/models/{model}/uploads for another');
  }
}

interface Ticket {
  readonly key: string;
  readonly sha256: string;
  readonly expires: number;
}

export interface UploadDoorPorts {
  readonly inbox: Store;
  readonly now: () => number;
  /** Called once the bytes are in the inbox. */
  readonly landed: (key: string) => void;
}

const VALID_MS = 15 * 60_000;
const MAX_UPLOAD_BYTES = 1024 * 1024 * 1024;

/** What S3's presigned PUTs are on AWS: URLs that take exactly the stated bytes, for a while, without a key. */
export function uploadDoor({ inbox, now, landed }: UploadDoorPorts) {
  const seal = sealer(randomBytes(32));

  const door: FastifyPluginAsync = async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_UPLOAD_BYTES }, (_, body, done) =>
      done(null, body),
    );
    app.put<{ Params: { '*': string }; Body: Buffer | undefined }>(
      // A wildcard, as a named parameter is at most 100 characters long.
      '/uploads/*',
      async ({ params, body }, reply) => {
        const ticket = seal.open(params['*']);
        if (ticket === undefined || ticket.expires < now()) throw new UploadRefused();
        const bytes = body ?? Buffer.alloc(0);
        if (sha256(bytes) !== ticket.sha256) {
          throw new MalformedRequest({
            where: 'body',
            rule: `must have the SHA-256 ${ticket.sha256}`,
            found: sha256(bytes),
          });
        }
        await put(inbox, ticket.key, bytes);
        landed(ticket.key);
        return reply.status(200).send();
      },
    );
  };

  const presign = async (url: string, key: string, sha256: string): Promise<PresignedPut> => {
    const expires = now() + VALID_MS;
    return {
      url: `${url}/uploads/${seal.close({ key, sha256, expires })}`,
      headers: { 'content-type': 'application/octet-stream' },
      expires: new Date(expires).toISOString(),
    };
  };

  return { door, presign };
}

function sealer(secret: Buffer) {
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    close(ticket: Ticket): string {
      const text = Buffer.from(JSON.stringify(ticket)).toString('base64url');
      return `${text}.${sign(text).toString('base64url')}`;
    },
    open(token: string): Ticket | undefined {
      const [text = '', signature = ''] = token.split('.');
      const [given, right] = [Buffer.from(signature, 'base64url'), sign(text)];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Ticket;
    },
  };
}
