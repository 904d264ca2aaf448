import { describe, expect, it } from 'vitest';
import { inspect } from '../../../models/formats/inspect.ts';
import { load } from '../../../models/formats/load.ts';
import { type Manifest, parseManifest } from '../../../models/manifest.ts';
import type { NativeModel } from '../../../models/native.ts';
import { signatureOf } from '../../../models/native.ts';
import { referenceFile } from '../../reference.ts';
import { rowsOf } from '../../rows.ts';
import { refusalOf, textFile } from './files.ts';

const file = referenceFile('models/libsvm-iris-rbf-b1.model');
const declared = { features: ['sl', 'sw', 'pl', 'pw'], labels: ['versicolor', 'setosa', 'virginica'] };
const examples = [{ inputs: { instances: [[5, 3, 1, 0]] }, outputs: ['setosa'] }];
const examplesFile = textFile('examples.json', JSON.stringify(examples)).bytes;

const manifestOf = ({ content }: ReturnType<typeof inspect>): Manifest =>
  parseManifest({
    schema: 1,
    model: 'iris',
    version: 1,
    digest: '0'.repeat(64),
    createdAt: '2026-01-01T00:00:00Z',
    createdBy: 'test',
    ...content,
    blobs: [{ file: file.name, sha256: '0'.repeat(64), bytes: file.bytes.length }],
  });

describe('inspecting a model file', () => {
  it('finds what a manifest says', () => {
    const inspection = inspect(file, { examples: examplesFile, declared });
    expect(inspection.content).toEqual({
      format: 'libsvm',
      kind: 'svm',
      features: declared.features,
      labels: declared.labels,
      signature: signatureOf(inspection.model),
      preparation: [],
      examples,
    });
    expect(() => manifestOf(inspection)).not.toThrow();
  });

  it('is of the kind that the drop says, or is refused', () => {
    expect(inspect(file, { declared: { kind: 'svm' } }).content.kind).toBe('svm');
    expect(refusalOf(() => inspect(file, { declared: { kind: 'trees' } }))).toBe(
      'drop.json.kind must be svm, as the file is, got "trees"',
    );
  });

  it('needs no companions', () => expect(inspect(file).content.examples).toEqual([]));

  it.each([
    ['examples that are no JSON', '[', 'examples.json[0] must be JSON'],
    ['one example alone', '{"inputs":{},"outputs":[]}', 'examples.json must be array'],
    ['an example without outputs', '[{"inputs":{}}]', 'examples.json[0] must have required properties outputs'],
    ['an example with something else', '[{"inputs":{},"outputs":[],"note":1}]', 'examples.json[0].note is not a known'],
  ])('refuses %s', (_, text, message) => {
    const companions = { examples: textFile('', text).bytes };
    expect(refusalOf(() => inspect(file, companions))).toContain(message);
  });
});

describe('what a drop states', () => {
  const logistic = textFile(
    'model.json',
    JSON.stringify({
      modeldrop: 1,
      kind: 'logistic',
      features: ['x'],
      labels: [0, 1],
      threshold: 0.9,
      card: { target: 'y', limits: 'old' },
      parameters: { coefficients: [[1]], intercept: [0] },
    }),
  );
  // A probability of 0.73 for 1.
  const answered = ({ scorer }: NativeModel, x = 1) => scorer.score(rowsOf([[x]])).get('predict')?.data[0];

  it('of a decision wins over the file, and is served as it was inspected', () => {
    expect(answered(inspect(logistic).model)).toBe(0n);
    const inspection = inspect(logistic, { declared: { threshold: 0.5 } });
    expect(answered(inspection.model)).toBe(1n);
    // At 0 the probability is the threshold.
    expect(answered(inspection.model, 0)).toBe(1n);
    expect(inspection.content).toMatchObject({ positive: 1, threshold: 0.5 });
    expect(answered(load(manifestOf(inspection), logistic.bytes))).toBe(1n);
    const turned = inspect(logistic, { declared: { positive: '0', threshold: 0.2 } });
    expect([answered(turned.model), turned.content.positive]).toEqual([0n, 0]);
  });

  it('of a decision is refused where the model has no use for it', () => {
    expect(refusalOf(() => inspect(file, { declared: { threshold: 0.5 } }))).toContain(
      'drop.json.positive is for a model of two labels',
    );
    expect(refusalOf(() => inspect(logistic, { declared: { positive: 2 } }))).toContain(
      'must be one of the labels 0 and 1',
    );
  });

  it('of its use comes on the card', () =>
    expect(inspect(logistic, { declared: { intendedUse: 'triage', limits: 'no children' } }).content.card).toEqual({
      target: 'y',
      intendedUse: 'triage',
      limits: 'no children',
    }));
});

describe('loading a published version', () => {
  it('gives the model that was inspected', () => {
    const inspection = inspect(file, { declared });
    const model = load(manifestOf(inspection), file.bytes);
    const data = ({ scorer, plan, ...rest }: NativeModel) => rest;
    expect(data(model)).toEqual(data(inspection.model));
    const rows = rowsOf([[5, 3, 1, 0]]);
    expect(model.scorer.score(rows)).toEqual(inspection.model.scorer.score(rows));
  });

  it('refuses bytes of another model', () => {
    const manifest = manifestOf(inspect(file, { declared }));
    expect(refusalOf(() => load(manifest, file.bytes.subarray(0, 100)))).toContain('libsvm-iris-rbf-b1.model');
  });
});
