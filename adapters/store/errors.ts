import { ModeldropError } from '../../models/errors.ts';

/** The storage did not answer. What was there is still there. */
export class StoreUnavailable extends ModeldropError {
  readonly status = 503;
  constructor(path: string, options: ErrorOptions) {
    super('the registry did not answer; try again in a moment', { path }, options);
  }
}
