import { ModeldropError } from '../../models/errors.ts';

/** The storage did not answer. What was there is still there; what was being written may or may not be. */
export class StoreUnavailable extends ModeldropError {
  override readonly name: string = 'StoreUnavailable';
  readonly status = 503;
  constructor(path: string, options: ErrorOptions, message = 'the registry did not answer; try again in a moment') {
    super(message, { path }, options);
  }
}

/** The storage refuses this service: its role lacks a permission. An operator mends it, no retry does. */
export class StoreForbidden extends StoreUnavailable {
  override readonly name = 'StoreForbidden';
  constructor(path: string, permissions: string, options: ErrorOptions) {
    super(path, options, `the registry's storage refuses this service; its role may lack ${permissions}`);
  }
}
