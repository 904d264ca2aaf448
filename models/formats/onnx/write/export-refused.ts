import { type Breach, excerpt, ModeldropError } from '../../../errors.ts';

/** A model that cannot be written as ONNX. */
export class ExportRefused extends ModeldropError {
  override readonly name = 'ExportRefused';
  readonly status = 422;
  constructor({ where, rule, found }: Breach) {
    super(`${where} ${rule}${found === undefined ? '' : `, got ${excerpt(found)}`}`, { where, rule, found });
  }
}
