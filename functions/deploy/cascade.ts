import type { NamedBytes } from '../../adapters/registry/versions.ts';
import { readCascadeArchive } from '../../models/formats/cascade/cascade-archive.ts';
import { expand } from '../http/expand.ts';

/** The files of a cascade's drop, its archive opened: the small model first, so that it can be read without the large one. */
export function partsOf([archive, ...companions]: readonly NamedBytes[]): NamedBytes[] {
  const parts = archive && readCascadeArchive(expand(archive));
  if (parts === undefined) throw new TypeError('a cascade comes in an archive');
  const { small, large, siblings, file } = parts;
  return [small, large, ...siblings, file, ...companions];
}
