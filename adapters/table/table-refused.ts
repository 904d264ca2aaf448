import { type Breach, excerpt, ModeldropError } from '../../models/errors.ts';

/** A table that can't be read as it is. `where` names the file, and line and column where there are such. */
export class TableRefused extends ModeldropError {
  override readonly name = 'TableRefused';
  readonly status = 422;
  constructor({ where, rule, found }: Breach, options?: ErrorOptions) {
    super(`${where} ${rule}${found === undefined ? '' : `, got ${excerpt(found)}`}`, { where, rule, found }, options);
  }
}
