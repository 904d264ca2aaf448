import { InvalidArgumentError } from 'commander';

/** A list on the command line, such as `a,b,c`. @throws InvalidArgumentError */
export function list(stated: string): string[] {
  const items = stated.split(',').map((item) => item.trim());
  if (!items.includes('')) return items;
  throw new InvalidArgumentError('It must be a list such as a,b,c');
}
