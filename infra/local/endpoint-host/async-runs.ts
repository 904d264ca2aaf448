import { type AsyncBucket, locationOf } from './async-bucket.ts';
import type { AsyncQueue, QueuedCall } from './async-queue.ts';
import type { ModelPool } from './model-pool.ts';
import { answerAsTriton, type TritonModel } from './triton.ts';

export interface RunOptions {
  readonly bucket: AsyncBucket;
  readonly queue: AsyncQueue;
  readonly pool: ModelPool<TritonModel>;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** Does the calls of a queue, one after the other, whenever it is told that there are any. */
export function asyncRuns(options: RunOptions): () => void {
  let turn: Promise<void> = Promise.resolve();
  return () => {
    turn = turn.then(() => drain(options)).catch(() => {});
  };
}

async function drain(options: RunOptions): Promise<void> {
  for (;;) {
    const [next] = await options.queue.left();
    if (next === undefined) return;
    await carryOut(options, next);
  }
}

/** SageMaker's bound on an input by reference. */
const INPUT_BYTES = 1024 ** 3;
/** Until one is given up: a call that ends its process is not begun for ever, and others have their turn. */
const MOST_BEGUN = 3;

async function carryOut(options: RunOptions, call: QueuedCall): Promise<void> {
  const { bucket, queue } = options;
  const { key, bytes } = await outcomeOf(options, call);
  // An input that is gone by now was taken back by whoever asked, who looks for nothing.
  if (!call.hadInput || (await bucket.has(call.input))) await bucket.write(key, bytes);
  await queue.remove(call);
}

interface Outcome {
  readonly key: string;
  readonly bytes: Uint8Array;
}

async function outcomeOf({ bucket, pool, queue, now }: RunOptions, call: QueuedCall): Promise<Outcome> {
  const { target, input, contentType, output, failure, until, begun } = call;
  const failed = (message: string): Outcome => ({ key: failure, bytes: Buffer.from(JSON.stringify({ message })) });
  if (now() > until) return failed('The request waited longer than RequestTTLSeconds.');
  if (begun >= MOST_BEGUN) return failed(`The request was begun ${MOST_BEGUN} times, and its process ended each time.`);
  await queue.keep({ ...call, begun: begun + 1 });
  try {
    const body = await bucket.read(input, INPUT_BYTES);
    if (body === undefined) return failed(`There is nothing at ${locationOf(input)}.`);
    const answered = await pool.use(target, (model) => answerAsTriton(model, { contentType, body }));
    if ('type' in answered) return failed(answered.message);
    return { key: output, bytes: Buffer.from(answered.body as Uint8Array) };
  } catch (error) {
    if (error instanceof RangeError) return failed(`The input must be at most ${INPUT_BYTES} bytes.`);
    return failed(`Failed to load model ${target}: ${(error as Error).message}`);
  }
}
