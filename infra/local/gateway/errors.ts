import type { FunctionName, Scope } from '../../../functions/http/routes.ts';
import { ModeldropError } from '../../../models/errors.ts';

/** The bytes that came are not HTTP, or are not one request. */
export class MalformedHttp extends ModeldropError {
  override readonly name = 'MalformedHttp';
  readonly status = 400;
  constructor(why: string, options?: ErrorOptions) {
    super(`this is not a well-formed HTTP/1.1 request: ${why}`, { why }, options);
  }
}

export class ScopeMissing extends ModeldropError {
  override readonly name = 'ScopeMissing';
  readonly status = 403;
  constructor(method: string, resource: string, scope: Scope | undefined) {
    const needed = scope === undefined ? '' : `; it needs a key with the scope "${scope}"`;
    super(`this key may not ${method} ${resource}${needed}`, { method, resource, scope });
  }
}

export class RequestTooSlow extends ModeldropError {
  override readonly name = 'RequestTooSlow';
  readonly status = 408;
  constructor(part: 'headers' | 'body', withinMs: number) {
    super(`the request's ${part} did not arrive within ${withinMs / 1_000} s; send the request again, faster`, {
      part,
      withinMs,
    });
  }
}

export class BodyTooLarge extends ModeldropError {
  override readonly name = 'BodyTooLarge';
  readonly status = 413;
  constructor(limit: number) {
    const advice = 'upload a large file with POST /v1/models/{model}/uploads, predict many rows in several requests';
    super(`the body must take at most ${limit} bytes; ${advice}`, { limit });
  }
}

export class ExpectationFailed extends ModeldropError {
  override readonly name = 'ExpectationFailed';
  readonly status = 417;
  constructor(expectation: string) {
    super(`the only expectation met here is "100-continue", got ${JSON.stringify(expectation.slice(0, 80))}`);
  }
}

export class QuotaExceeded extends ModeldropError {
  override readonly name = 'QuotaExceeded';
  readonly status = 429;
  readonly retryAfterS: number;
  constructor(tenant: string, rate: number, retryAfterS: number) {
    const again = `try again in ${retryAfterS} s`;
    super(`tenant ${JSON.stringify(tenant)} may make ${rate} requests a second; ${again}`, { tenant, rate });
    this.retryAfterS = retryAfterS;
  }
}

export class HeadersTooLarge extends ModeldropError {
  override readonly name = 'HeadersTooLarge';
  readonly status = 431;
  constructor(limit: number) {
    super(`the request line and the headers must take at most ${limit} bytes together`, { limit });
  }
}

/** A fault of the gateway itself. What it was is reported, not told. */
export class GatewayFailed extends ModeldropError {
  override readonly name = 'GatewayFailed';
  readonly status = 500;
  constructor(options: ErrorOptions) {
    super('something went wrong here; the x-request-id of this answer names it in the log', {}, options);
  }
}

export class FunctionFailed extends ModeldropError {
  override readonly name = 'FunctionFailed';
  readonly status = 502;
  constructor(name: FunctionName, options: ErrorOptions) {
    super(
      `the function "${name}" failed; the x-request-id of this answer names the failure in its log`,
      { name },
      options,
    );
  }
}

export class AuthorizerFailed extends ModeldropError {
  override readonly name = 'AuthorizerFailed';
  readonly status = 503;
  readonly retryAfterS = 1;
  constructor(options: ErrorOptions) {
    super('the key could not be checked; try again in a moment', {}, options);
  }
}

export class TooBusy extends ModeldropError {
  override readonly name = 'TooBusy';
  readonly status = 503;
  readonly retryAfterS = 1;
  constructor() {
    super('more requests came at once than can be answered quickly; try again in a moment');
  }
}

export class AnswerTooLate extends ModeldropError {
  override readonly name = 'AnswerTooLate';
  readonly status = 504;
  constructor(name: string, withinMs: number) {
    super(`"${name}" did not answer within ${withinMs / 1_000} s; send less at once`, { name, withinMs });
  }
}
