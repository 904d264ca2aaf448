import type { FastifyPluginAsync } from 'fastify';
import type { StoreReader } from '../../adapters/store/store.ts';
import { ModeldropError } from '../../models/errors.ts';
import { seal } from './seal.ts';

/** A result's URL that was altered or is too old, or what it led to is gone. */
class ResultRefused extends ModeldropError {
  override readonly name = 'ResultRefused';
  readonly status = 403;
  constructor() {
    super('this result URL is not valid any more; ask GET /v1/jobs/{job}/result for another');
  }
}

interface Ticket {
  readonly key: string;
  readonly contentType: string;
  readonly expires: number;
}

export interface ResultDoorPorts {
  readonly registry: StoreReader;
  readonly now: () => number;
}

const VALID_MS = 15 * 60_000;

/** What S3's presigned GETs are on AWS: URLs that give one object of the registry for a while, without a key. */
export function resultDoor({ registry, now }: ResultDoorPorts) {
  const { open, close } = seal<Ticket>();

  const door: FastifyPluginAsync = async (app) => {
    app.get('/results/*', async (request, reply) => {
      const ticket = open((request.params as { '*': string })['*']);
      const stored = ticket && ticket.expires >= now() ? await registry.read(ticket.key) : undefined;
      if (ticket === undefined || stored === undefined) throw new ResultRefused();
      return reply.header('content-type', ticket.contentType).send(Buffer.from(stored.bytes));
    });
  };

  const presign = (url: string, key: string, contentType = 'application/octet-stream'): string =>
    `${url}/results/${close({ key, contentType, expires: now() + VALID_MS })}`;

  return { door, presign };
}
