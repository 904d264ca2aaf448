import { type Breach, excerpt, ModeldropError } from '../errors.ts';

/** Rows or options that nothing can be learned from. */
export class TrainingRefused extends ModeldropError {
  override readonly name = 'TrainingRefused';
  readonly status = 422;
  constructor({ where, rule, found }: Breach) {
    super(`${where} ${rule}${found === undefined ? '' : `, got ${excerpt(found)}`}`, { where, rule, found });
  }
}

/** @throws TrainingRefused where there are no rows, or not one target a row */
export function requireTargets(rows: { readonly count: number }, targets: ArrayLike<number>): void {
  if (rows.count === 0)
    throw new TrainingRefused({ where: 'training rows', rule: 'must hold at least one row', found: 0 });
  if (targets.length !== rows.count) {
    throw new TrainingRefused({ where: 'targets', rule: `must hold ${rows.count}, one a row`, found: targets.length });
  }
}
