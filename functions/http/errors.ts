import { excerpt, ModeldropError } from '../../models/errors.ts';

export class RouteNotFound extends ModeldropError {
  override readonly name = 'RouteNotFound';
  readonly status = 404;
  constructor(method: string, path: string) {
    super(`there is no ${method} ${excerpt(path)}; GET /openapi.json lists what there is`, { method, path });
  }
}

export class MethodNotAllowed extends ModeldropError {
  override readonly name = 'MethodNotAllowed';
  readonly status = 405;
  readonly allow: readonly string[];
  constructor(method: string, allow: readonly string[]) {
    super(`${method} is not allowed here; allowed: ${allow.join(', ')}`, { method, allow });
    this.allow = allow;
  }
}

export class KeyRefused extends ModeldropError {
  override readonly name = 'KeyRefused';
  readonly status = 401;
  constructor() {
    super('a valid API key is needed: send it as "Authorization: Bearer <key>" or as "x-api-key: <key>"');
  }
}

export class ScopeMissing extends ModeldropError {
  override readonly name = 'ScopeMissing';
  readonly status = 403;
  constructor(needed: string, granted: readonly string[]) {
    super(`this needs a key with scope "${needed}"; yours has ${granted.map((scope) => `"${scope}"`).join(', ')}`, {
      needed,
      granted,
    });
  }
}

const mends = {
  request: 'send fewer rows, or a model file by POST /v1/models/{model}/uploads',
  answer: 'ask for fewer rows, fewer outputs, or binary_data, or send it to POST /v1/models/{model}/jobs',
  file: 'copy it from the registry, where it lies under blobs/',
} as const;

export class PayloadTooLarge extends ModeldropError {
  override readonly name = 'PayloadTooLarge';
  readonly status = 413;
  constructor(direction: keyof typeof mends, limit: number) {
    super(`the ${direction} must be at most ${limit} bytes decoded; ${mends[direction]}`, { direction, limit });
  }
}

/** An input by reference that the model, where it is placed, can't be sent. */
export class InputTooLarge extends ModeldropError {
  override readonly name = 'InputTooLarge';
  readonly status = 413;
  constructor(bytes: number, limit: number, placement: string) {
    const more =
      placement === 'endpoint-async' ? 'send fewer rows' : 'only models with "placement": "endpoint-async" take more';
    super(`an input of a model that is placed on ${placement} must be at most ${limit} bytes, got ${bytes}; ${more}`, {
      bytes,
      limit,
      placement,
    });
  }
}

/** A body that says that it is of a kind which is not read here. */
export class MediaTypeNotSupported extends ModeldropError {
  override readonly name = 'MediaTypeNotSupported';
  readonly status = 415;
  /** What would be read. */
  readonly accept: readonly string[];
  constructor(found: string, accept: readonly string[], why: string) {
    super(`Content-Type must be ${accept.join(' or ')}, got ${excerpt(found)}: ${why}`, { found });
    this.accept = accept;
  }
}

export class EncodingNotSupported extends ModeldropError {
  override readonly name = 'EncodingNotSupported';
  readonly status = 415;
  constructor(encoding: string) {
    super(`Content-Encoding must be gzip, deflate or identity, got ${excerpt(encoding)}`, { encoding });
  }
}

export class DeadlineExceeded extends ModeldropError {
  override readonly name = 'DeadlineExceeded';
  readonly status = 504;
  constructor() {
    super('the prediction did not end in time; send fewer rows');
  }
}

export class NotFound extends ModeldropError {
  override readonly name = 'NotFound';
  readonly status = 404;
  constructor(what: string, id: string) {
    super(`${what} ${excerpt(id)} does not exist`, { what, id });
  }
}

export class IdempotencyMismatch extends ModeldropError {
  override readonly name = 'IdempotencyMismatch';
  readonly status = 422;
  constructor(job: string) {
    super(`this Idempotency-Key belongs to job ${job}, whose request was another one; take a new key`, { job });
  }
}

/** What was asked of a job does not go with its state. */
export class JobStateConflict extends ModeldropError {
  override readonly name = 'JobStateConflict';
  readonly status = 409;
  constructor(job: string, state: string, mend: string) {
    super(`job ${job} is ${state}; ${mend}`, { job, state });
  }
}

/** Whoever works on jobs could not be told of it. */
export class JobNotStarted extends ModeldropError {
  override readonly name = 'JobNotStarted';
  readonly status = 503;
  constructor(job: string, options: ErrorOptions) {
    super(
      'the job could not be started; send it again, under the same Idempotency-Key if it had one',
      { job },
      options,
    );
  }
}

/** No more jobs may wait than can be done in a while. */
export class JobQueueFull extends ModeldropError {
  override readonly name = 'JobQueueFull';
  readonly status = 429;
  constructor(most: number) {
    super(`${most} jobs are waiting; come back when some are done`, { most });
  }
}
