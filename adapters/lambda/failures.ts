import { ModeldropError } from '../../models/errors.ts';

/** Lambda did not run the function. The caller's work is tried again. */
export class InvokeFailed extends ModeldropError {
  override readonly name = 'InvokeFailed';
  readonly status = 503;
  constructor(functionName: string, options: ErrorOptions) {
    super('a function of ours did not answer; it is to be asked again', { functionName }, options);
  }
}
