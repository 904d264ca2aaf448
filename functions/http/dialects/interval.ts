import * as Type from 'typebox';
import { MalformedRequest } from '../../../models/errors.ts';

/** How a request asks for prediction intervals. */
export const IntervalParameter = Type.Number({
  exclusiveMinimum: 0,
  exclusiveMaximum: 1,
  description:
    'Of a regression: answer {value, lower, upper} a row; the interval holds the truth with this probability.',
});

/** @throws MalformedRequest naming the parameter */
export function levelOf(stated: unknown): number | undefined {
  if (stated === undefined) return undefined;
  if (typeof stated === 'number' && stated > 0 && stated < 1) return stated;
  const rule = 'must be a number between 0 and 1, such as 0.9';
  throw new MalformedRequest({ where: 'parameters.interval', rule, found: stated });
}
