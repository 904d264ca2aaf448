import type { Socket } from 'node:net';
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from 'fastify';
import { ModeldropError } from '../../../models/errors.ts';
import { refusal, send } from './answer.ts';
import { holdsBack, letSend } from './body.ts';
import { answerBroken, writeRefusal } from './broken-request.ts';
import { GatewayFailed, MalformedHttp } from './errors.ts';
import type { Limits } from './limits.ts';
import { type Backend, serving } from './serve.ts';

/** The server before it listens: what no extra route names goes to the backend. */
export function httpServer(backend: Backend, extra: FastifyPluginAsync = async () => {}): FastifyInstance {
  const { limits } = backend;
  const serve = serving(backend);
  const toBackend = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    void serve(request.raw, reply.raw);
  };
  const app = fastify({
    ...parserOptions(limits),
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerBroken(error, socket, limits),
    frameworkErrors: (_error, request, reply) => toBackend(request, reply),
  });
  // Before Fastify looks into headers or body: it refuses what API Gateway passes on.
  app.addHook('onRequest', (request, reply, next) => (request.is404 ? toBackend(request, reply) : next()));
  app.register((scope) => mount(scope, extra, backend));
  return takeOver(app, limits);
}

const parserOptions = (limits: Limits) => ({
  keepAliveTimeout: limits.keepAliveMs,
  // Bodies have their own: `readBody` gives ours the time of `bodyMs`, an extra route may stream for longer.
  requestTimeout: 0,
  http: {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.max(1, limits.headersMs / 10),
    // A request without a host is refused in our own words.
    requireHostHeader: false,
  },
});

/** Gives extra routes their bodies as streams, and their errors our shape. */
async function mount(scope: FastifyInstance, extra: FastifyPluginAsync, backend: Backend): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  scope.addHook('preParsing', (request, reply, payload, done) => {
    letSend(request.raw, reply.raw);
    done(null, payload);
  });
  scope.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error as FastifyError);
    if (failure.cause !== undefined) backend.report(request.id, failure);
    reply.hijack();
    void send(request.raw, reply.raw, refusal(failure, request.id), {
      closing: backend.isClosing(),
      lingerMs: backend.limits.lingerMs,
    });
  });
  await scope.register(extra);
}

/** What Fastify refuses of its own is the sender's doing. */
function failureOf(error: FastifyError): ModeldropError {
  if (error instanceof ModeldropError) return error;
  const refused = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return refused ? new MalformedHttp(error.message) : new GatewayFailed({ cause: error });
}

/** Takes over what Node would otherwise answer without a word. */
function takeOver(app: FastifyInstance, limits: Limits): FastifyInstance {
  const { server } = app;
  server.on('checkContinue', (request, response) => {
    holdsBack(request);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket: Socket) => {
    writeRefusal(socket, new MalformedHttp('CONNECT asks for a proxy, and this is none'), limits);
  });
  return app;
}
