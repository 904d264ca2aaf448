import { setTimeout as pause } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Answer } from '../../../functions/http/answer.ts';
import { sendError } from './answers.ts';
import { type AsyncOptions, addAsyncInvocations } from './async-invocations.ts';
import { errorOf, FAULTS, type Fault, type Misbehaviour, misbehaviour } from './misbehaviour.ts';
import type { ModelPool } from './model-pool.ts';
import { type RuntimeError, validation } from './runtime-error.ts';
import { answerAsTriton, type TritonModel } from './triton.ts';

export interface HostOptions {
  readonly host: string;
  readonly port: number;
  /** Names of the endpoints that there are. All of them run the same models. */
  readonly endpoints: readonly string[];
  readonly pool: ModelPool<TritonModel>;
  /** The endpoints beside these that are called asynchronously. */
  readonly async?: Omit<AsyncOptions, 'now'>;
  /** Whether it may be told to misbehave, by POST /misbehave. */
  readonly mayMisbehave?: boolean;
}

export interface EndpointHost {
  readonly url: string;
  close(): Promise<void>;
}

/** SageMaker's bound on the payload of a synchronous call: 25 MB. */
const PAYLOAD_BYTES = 25 * 1024 * 1024;
const HANG_MS = 60_000;
const SLOW_MS = 300;

/**
 * SageMaker's runtime API for one machine: `InvokeEndpoint` of multi-model endpoints that run Triton, and `InvokeEndpointAsync`.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export async function startEndpointHost(options: HostOptions): Promise<EndpointHost> {
  const app = fastify({ bodyLimit: PAYLOAD_BYTES, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) =>
    sendError(
      reply,
      error.statusCode === 413
        ? { status: 413, type: 'RequestEntityTooLarge', message: `the body must be at most ${PAYLOAD_BYTES} bytes` }
        : { status: 500, type: 'InternalFailure', message: error.message },
    ),
  );
  const faults = misbehaviour();
  addInvocations(app, options, faults);
  if (options.async) addAsyncInvocations(app, { ...options.async, now: Date.now });
  if (options.mayMisbehave) addMisbehave(app, faults);
  app.get('/ping', async () => ({ loaded: options.pool.loaded() }));
  const url = await app.listen({ host: options.host, port: options.port });
  return {
    url,
    async close() {
      await app.close();
      await options.pool.close();
    },
  };
}

type Invocation = FastifyRequest<{ Params: { endpoint: string }; Body: Buffer | undefined }>;

function addInvocations(app: FastifyInstance, { endpoints, pool }: HostOptions, faults: Misbehaviour): void {
  app.post('/endpoints/:endpoint/invocations', async (request: Invocation, reply) => {
    const { endpoint } = request.params;
    if (!endpoints.includes(endpoint)) return sendError(reply, validation(`Endpoint ${endpoint} not found.`));
    const target = request.headers['x-amzn-sagemaker-target-model'];
    if (typeof target !== 'string') {
      return sendError(reply, validation('TargetModel must be specified for a multi-model endpoint.'));
    }
    const fault = faults.next();
    const error = fault && errorOf(fault, target);
    if (error) return sendError(reply, error);
    const answered = await answer(pool, target, request);
    if ('type' in answered) return sendError(reply, answered);
    return fault ? misbehave(reply, fault, answered) : send(reply, answered);
  });
}

async function answer(
  pool: ModelPool<TritonModel>,
  target: string,
  request: Invocation,
): Promise<Answer | RuntimeError> {
  const call = {
    contentType: request.headers['content-type'] ?? '',
    body: request.body ?? new Uint8Array(),
  };
  try {
    return await pool.use(target, (model) => answerAsTriton(model, call));
  } catch (error) {
    return validation(`Failed to load model ${target}: ${(error as Error).message}`);
  }
}

const send = (reply: FastifyReply, { status, headers, body }: Answer): FastifyReply =>
  reply
    .code(status)
    .headers({ ...headers, 'x-amzn-invoked-production-variant': 'AllTraffic' })
    .send(body);

/** The faults of answers and of connections. */
async function misbehave(reply: FastifyReply, fault: Fault, answered: Answer): Promise<FastifyReply> {
  const body = Buffer.from(answered.body as Uint8Array);
  switch (fault) {
    case 'hang':
      await pause(HANG_MS, undefined, { ref: false });
      break;
    case 'slow':
      await pause(SLOW_MS);
      break;
    case 'reset':
      reply.raw.destroy();
      return reply.hijack();
    case 'garbage':
      return send(reply, { ...answered, body: Buffer.from('<html>busy</html>') });
    case 'wrong-shape':
      return send(reply, {
        ...answered,
        body: Buffer.from(body.toString('latin1').replace(/"shape":\[/g, '"shape":[9,'), 'latin1'),
      });
    case 'truncated':
      return send(reply, { ...answered, body: body.subarray(0, body.length - 3) });
  }
  return send(reply, answered);
}

function addMisbehave(app: FastifyInstance, faults: Misbehaviour): void {
  app.post('/misbehave', async (request: FastifyRequest<{ Body: Buffer }>, reply) => {
    const { fault, times = 1 } = JSON.parse(request.body.toString()) as { fault: Fault; times?: number };
    if (!FAULTS.includes(fault)) return reply.code(400).send(`fault must be one of ${FAULTS.join(', ')}`);
    faults.tell(fault, times);
    return reply.code(204).send();
  });
}
