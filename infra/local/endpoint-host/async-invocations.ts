import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendError } from './answers.ts';
import { type AsyncBucket, keyAt, locationOf } from './async-bucket.ts';
import type { AsyncQueue } from './async-queue.ts';
import { type RuntimeError, validation } from './runtime-error.ts';

export interface AsyncOptions {
  readonly bucket: AsyncBucket;
  readonly queue: AsyncQueue;
  /** The archive that an asynchronous endpoint serves. Undefined where there is no such endpoint. */
  readonly targetOf: (endpoint: string) => Promise<string | undefined>;
  /** Told that there is something in the queue. */
  readonly queued: () => void;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** Seconds that a call may wait for its turn: SageMaker's bounds, and what it takes where nothing is said. */
const [SHORTEST_TTL, LONGEST_TTL] = [60, 21_600];

type Head = Readonly<Record<string, string | string[] | undefined>>;
type AsyncInvocation = FastifyRequest<{ Params: { endpoint: string } }>;

/**
 * `InvokeEndpointAsync`: a call that is answered at once, and queued. What comes of it lies at the output location, or at the
 * failure location.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export function addAsyncInvocations(
  app: FastifyInstance,
  { bucket, targetOf, queue, queued, now }: AsyncOptions,
): void {
  app.post('/endpoints/:endpoint/async-invocations', async ({ params, headers }: AsyncInvocation, reply) => {
    const target = await targetOf(params.endpoint);
    if (target === undefined) return sendError(reply, validation(`Endpoint ${params.endpoint} not found.`));
    const asked = readHead(headers);
    if ('type' in asked) return sendError(reply, asked);
    const id = randomUUID();
    const [output, failure] = [`outputs/${id}.out`, `failures/${id}-error.out`];
    const { input, contentType, ttl, inferenceId = id } = asked;
    const call = {
      ...{ id: `${now()}-${id}`, target, input, contentType, output, failure },
      ...{ until: now() + 1_000 * ttl, hadInput: await bucket.has(input), begun: 0 },
    };
    // It has taken the call, whatever becomes of this process.
    await queue.keep(call);
    queued();
    return reply
      .code(202)
      .header('x-amzn-sagemaker-outputlocation', locationOf(output))
      .header('x-amzn-sagemaker-failurelocation', locationOf(failure))
      .send({ InferenceId: inferenceId });
  });
}

interface Asked {
  /** The key of the input. */
  readonly input: string;
  readonly contentType: string;
  readonly ttl: number;
  readonly inferenceId?: string;
}

function readHead(headers: Head): Asked | RuntimeError {
  const stated = (name: string): string | undefined => headers[`x-amzn-sagemaker-${name}`] as string | undefined;
  const input = keyAt(stated('inputlocation') ?? '');
  if (input === undefined) return validation(`InputLocation must be ${locationOf('<key>')}.`);
  const ttl = Number(stated('requestttlseconds') ?? LONGEST_TTL);
  if (!Number.isInteger(ttl) || ttl < SHORTEST_TTL || ttl > LONGEST_TTL) {
    return validation(`RequestTTLSeconds must be from ${SHORTEST_TTL} to ${LONGEST_TTL}.`);
  }
  const inferenceId = stated('inference-id');
  return { input, ttl, contentType: stated('content-type') ?? '', ...(inferenceId && { inferenceId }) };
}
