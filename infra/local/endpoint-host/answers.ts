import type { FastifyReply } from 'fastify';
import type { RuntimeError } from './runtime-error.ts';

export function sendError(reply: FastifyReply, { status, type, message, more }: RuntimeError): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .header('x-amzn-errortype', type)
    .send(JSON.stringify({ Message: message, message, ...more }));
}
