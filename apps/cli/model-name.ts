import { basename, dirname, extname, resolve } from 'node:path';
import { MODEL_NAME } from '../../models/model-name.ts';
import { Misuse } from './failures.ts';

const LONGEST = 63;

/** The stated name. @throws Misuse where it is none that a model may have */
export function checkedName(name: string): string {
  if (MODEL_NAME.test(name)) return name;
  throw new Misuse(
    `a model's name must be 1 to ${LONGEST} lower-case letters, digits and -, not starting with -; got ${JSON.stringify(name)}`,
  );
}

/**
 * A name for the model in a file: the file's own, or where that is just `model`, its folder's.
 * @example `nameFor('exports/Iris 2024.model') === 'iris-2024'` and `nameFor('exports/wine/model.json') === 'wine'`
 * @throws Misuse where nothing of it can be in a name
 */
export function nameFor(path: string): string {
  const own = basename(path, extname(path));
  const name = valid(own === 'model' ? basename(dirname(resolve(path))) : own);
  if (name !== '') return name;
  throw new Misuse(`${path} gives no name for its model; add --name <model>`);
}

const valid = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
