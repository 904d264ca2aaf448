import { InvalidArgumentError } from 'commander';

/** A whole number from 1, such as a version's. @throws InvalidArgumentError */
export function versionNumber(stated: string): number {
  if (/^[1-9]\d{0,14}$/.test(stated)) return Number(stated);
  throw new InvalidArgumentError('It must be a whole number from 1');
}
