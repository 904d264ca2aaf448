import type { Static } from 'typebox';
import * as Type from 'typebox';
import { SURENESS } from '../../cascade/cascade.ts';
import { ModelFileRefused } from '../../errors.ts';
import { LabelsSchema } from '../../labels.ts';
import { checker } from '../../schema.ts';
import type { ModelFile } from '../format.ts';
import { readJson } from '../text.ts';
import { isTar, readTar } from '../triton/tar.ts';

/** What names the parts of a cascade inside of its archive. */
export const CASCADE_FILE = 'cascade.json';

export const CascadeFile = Type.Object(
  {
    modeldrop: Type.Literal(1),
    kind: Type.Literal('cascade'),
    small: Type.String({ minLength: 1, description: 'The file of the model that is asked first.' }),
    large: Type.String({ minLength: 1, description: 'The ONNX file of the one that is asked where it is not sure.' }),
    ...SURENESS,
    labels: Type.Optional(LabelsSchema),
    scores: Type.Optional(
      Type.Unsafe<'probabilities' | 'logits'>({
        type: 'string',
        enum: ['probabilities', 'logits'],
        description: 'What the large model answers for each class; probabilities where absent.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** The parts of a cascade, as they lie in its archive. */
export interface CascadeArchive {
  /** `cascade.json`, and what it says. */
  readonly file: ModelFile;
  readonly stated: Static<typeof CascadeFile>;
  readonly small: ModelFile;
  readonly large: ModelFile;
  /** Files that may hold tensors of the large model. */
  readonly siblings: readonly ModelFile[];
}

const check = checker(CascadeFile);

/**
 * A cascade in a tar archive: `cascade.json` and the two model files that it names, at the archive's root.
 * Undefined where there is no `cascade.json` there.
 * @throws ModelFileRefused where the archive or `cascade.json` is broken, or a file that it names is not there
 */
export function readCascadeArchive(archive: ModelFile): CascadeArchive | undefined {
  if (!isTar(archive.bytes)) return undefined;
  const files = readTar(archive).map(({ name, bytes }) => ({ name: name.replace(/^\.\//, ''), bytes }));
  const file = files.find(({ name }) => name === CASCADE_FILE);
  if (file === undefined) return undefined;
  const verdict = check(readJson(file), CASCADE_FILE);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  const part = (key: 'small' | 'large'): ModelFile => {
    const found = files.find(({ name }) => name === verdict.value[key]);
    if (found) return found;
    throw new ModelFileRefused({
      where: `${CASCADE_FILE}.${key}`,
      rule: `must name a file of the archive: ${files.map(({ name }) => name).join(', ')}`,
      found: verdict.value[key],
    });
  };
  const [small, large] = [part('small'), part('large')];
  const siblings = files.filter((other) => other !== file && other !== small && other !== large);
  return { file, stated: verdict.value, small, large, siblings };
}
