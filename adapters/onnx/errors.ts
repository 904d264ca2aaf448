import { ModeldropError } from '../../models/errors.ts';

/** The model found no answer to well-formed inputs: a shape that does not fit inside, an index that is not there. */
export class RunFailed extends ModeldropError {
  override readonly name = 'RunFailed';
  readonly status = 422;
  constructor(why: string) {
    super(`the model does not answer these inputs: ${why}`, { why });
  }
}

/** A failure as another process worded it. */
export class FailedElsewhere extends ModeldropError {
  override readonly name = 'FailedElsewhere';
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The model took its process down, or more memory than it may have. */
export class ModelDied extends ModeldropError {
  override readonly name = 'ModelDied';
  readonly status = 502;
  constructor() {
    super('the model broke down while it answered; it starts anew with the next request');
  }
}

/** The model did not answer in time, and was stopped. */
export class RunTimedOut extends ModeldropError {
  override readonly name = 'RunTimedOut';
  readonly status = 504;
  constructor(seconds: number) {
    super(`the model did not answer within ${seconds} s and was stopped; send fewer rows`, { seconds });
  }
}

const OUT_OF_MEMORY = /bad_?alloc|bad allocation|failed to allocate|cannot allocate/i;

const LONGEST = 300;

/** What ONNX Runtime says, without the places in its source code. */
export function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (OUT_OF_MEMORY.test(message)) return 'it takes more memory than it may have';
  const [, status] = /Status Message: ([\s\S]*)/.exec(message) ?? [];
  const words = (status ?? message)
    .replace(/\/\S+\.(?:cc|h|cpp):\d+ .*?\) (?=[A-Z])/gs, '')
    .replace(/\/\S+\.(?:cc|h|cpp):\d+ /g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length <= LONGEST ? words : `${words.slice(0, LONGEST)}…`;
}
