import type { Card } from '../card.ts';
import { decided } from '../decision.ts';
import { ModelFileRefused } from '../errors.ts';
import { type Example, Examples } from '../examples.ts';
import type { ManifestContent } from '../manifest.ts';
import { type NativeModel, signatureOf } from '../native.ts';
import { checker } from '../schema.ts';
import type { Declaration, ModelFile } from './format.ts';
import { detect } from './formats.ts';
import { readJson } from './text.ts';

/** What was dropped beside the model file. */
export interface Companions {
  /** The bytes of `examples.json`. */
  readonly examples?: Uint8Array;
  readonly declared?: Declaration;
}

/** What a model file is: all of its manifest but the blobs, and the model ready to score. */
export interface Inspection {
  readonly content: Omit<ManifestContent, 'blobs'>;
  readonly model: NativeModel;
}

/**
 * Reads a model file and its companions. Nothing in them is executed.
 * @throws ModelFileRefused naming file, place, rule and value
 */
export function inspect(file: ModelFile, { examples, declared = {} }: Companions = {}): Inspection {
  const format = detect(file);
  if (declared.range && format.name !== 'libsvm') {
    const rule = `is of svm-scale and belongs to a LIBSVM model, not to one of format ${format.name}`;
    throw new ModelFileRefused({ where: declared.range.name, rule });
  }
  const model = decided(format.read(file, declared), declared);
  checkKind(model, declared);
  const { kind, features, types, labels, preparation, positive, threshold, baseline, residuals, metrics } = model;
  const card = cardOf(model, declared);
  const missing = features.filter((_, k) => model.plan.takesMissing[k]);
  return {
    model,
    content: {
      format: format.name,
      kind,
      features: [...features],
      ...(types && { types }),
      ...(missing.length > 0 && { missing }),
      ...(labels && { labels: [...labels.values] }),
      ...(declared.trees && { trees: declared.trees }),
      signature: signatureOf(model),
      preparation,
      ...(positive !== undefined && { positive }),
      ...(threshold !== undefined && { threshold }),
      ...(baseline && { baseline }),
      ...(residuals && { residuals }),
      ...(metrics && { metrics }),
      ...(card && { card }),
      examples: examplesOf(examples) ?? model.examples ?? [],
    },
  };
}

function checkKind({ kind }: NativeModel, declared: Declaration): void {
  if (declared.kind === undefined || declared.kind === kind) return;
  throw new ModelFileRefused({
    where: 'drop.json.kind',
    rule: `must be ${kind}, as the file is`,
    found: declared.kind,
  });
}

/** The file's own card, with what the drop says of its use. */
function cardOf({ card }: NativeModel, { intendedUse, limits }: Declaration): Card | undefined {
  if (intendedUse === undefined && limits === undefined) return card;
  return { ...card, ...(intendedUse && { intendedUse }), ...(limits && { limits }) };
}

const check = checker(Examples);

/** Of the companion `examples.json`, where there is one. @throws ModelFileRefused */
export const examplesOf = (bytes: Uint8Array | undefined): Example[] | undefined =>
  bytes && readExamples({ name: 'examples.json', bytes });

function readExamples(file: ModelFile): Example[] {
  const verdict = check(readJson(file), file.name);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  return verdict.value;
}
