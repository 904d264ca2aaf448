import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendError } from './answers.ts';
import { type AsyncBucket, keyAt, locationOf } from './async-bucket.ts';
import type { ModelPool } from './model-pool.ts';
import { type RuntimeError, validation } from './runtime-error.ts';
import { answerAsTriton, type TritonModel } from './triton.ts';

export interface AsyncOptions {
  readonly bucket: AsyncBucket;
  /** The archive that an asynchronous endpoint serves. Undefined where there is no such endpoint. */
  readonly targetOf: (endpoint: string) => Promise<string | undefined>;
  readonly pool: ModelPool<TritonModel>;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** SageMaker's bound on an input by reference. */
const INPUT_BYTES = 1024 ** 3;
/** Seconds that a call may wait for its turn: SageMaker's bounds, and what it takes where nothing is said. */
const [SHORTEST_TTL, LONGEST_TTL] = [60, 21_600];

type Head = Readonly<Record<string, string | string[] | undefined>>;
type AsyncInvocation = FastifyRequest<{ Params: { endpoint: string } }>;

interface Queued {
  readonly target: string;
  readonly input: string;
  readonly contentType: string;
  readonly output: string;
  readonly failure: string;
  readonly until: number;
}

/**
 * `InvokeEndpointAsync`: a call that is answered at once, and done in its turn, one after the other. What came of it lies at
 * the output location, or at the failure location.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export function addAsyncInvocations(app: FastifyInstance, options: AsyncOptions): void {
  const { targetOf, now } = options;
  let turn: Promise<void> = Promise.resolve();
  app.post('/endpoints/:endpoint/async-invocations', async ({ params, headers }: AsyncInvocation, reply) => {
    const target = await targetOf(params.endpoint);
    if (target === undefined) return sendError(reply, validation(`Endpoint ${params.endpoint} not found.`));
    const asked = readHead(headers);
    if ('type' in asked) return sendError(reply, asked);
    const id = randomUUID();
    const [output, failure] = [`outputs/${id}.out`, `failures/${id}-error.out`];
    const { input, contentType, ttl, inferenceId = id } = asked;
    const queued = { target, input, contentType, output, failure, until: now() + 1_000 * ttl };
    turn = turn.then(() => carryOut(options, queued)).catch(() => {});
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

async function carryOut({ bucket, pool, now }: AsyncOptions, queued: Queued): Promise<void> {
  const { target, input, contentType, output, failure, until } = queued;
  const fail = ({ message }: { readonly message: string }): Promise<void> =>
    bucket.write(failure, Buffer.from(JSON.stringify({ message })));
  if (now() > until) return fail({ message: 'The request waited longer than RequestTTLSeconds.' });
  try {
    const body = await bucket.read(input, INPUT_BYTES);
    if (body === undefined) return await fail({ message: `There is nothing at ${locationOf(input)}.` });
    const answered = await pool.use(target, (model) => answerAsTriton(model, { contentType, body }));
    if ('type' in answered) return await fail(answered);
    await bucket.write(output, Buffer.from(answered.body as Uint8Array));
  } catch (error) {
    if (error instanceof RangeError) return fail({ message: `The input must be at most ${INPUT_BYTES} bytes.` });
    return fail({ message: `Failed to load model ${target}: ${(error as Error).message}` });
  }
}
