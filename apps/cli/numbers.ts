import { InvalidArgumentError } from 'commander';

/** A finite number, as commander reads it. */
export function number(stated: string): number {
  const value = stated.trim() === '' ? Number.NaN : Number(stated);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number');
}
