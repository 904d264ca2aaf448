import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { replayGolden } from '../../functions/verify/golden.ts';
import type { Example } from '../../models/examples.ts';
import { type Inspection, inspect } from '../../models/formats/inspect.ts';
import { nativePredictor } from '../../models/native.ts';
import { expectClose } from '../closeness.ts';
import { pythonWith } from '../python.ts';

interface Outcome {
  /** What scikit-learn itself answers to the rows of each model, asked beside the exporter. */
  readonly written: Record<string, { readonly predict: unknown[]; readonly predict_proba?: number[][] }>;
  readonly refused: Record<string, { readonly words: string; readonly files: string[] }>;
}

const python = pythonWith('sklearn', 'pandas');
const folder = mkdtempSync(join(tmpdir(), 'modeldrop-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = new URL('cases.py', import.meta.url).pathname;
const { written, refused }: Outcome = python
  ? JSON.parse(execFileSync(python, [cases, folder], { maxBuffer: 1 << 26, encoding: 'utf8' }))
  : { written: { 'any model': { predict: [] } }, refused: { 'any model': { words: '', files: [] } } };

function exported(name: string): Inspection {
  const bytesOf = (file: string) => readFileSync(join(folder, name, file));
  return inspect({ name: 'model.json', bytes: bytesOf('model.json') }, { examples: bytesOf('examples.json') });
}

/** As Modeldrop answers it: labels are texts unless all are whole numbers. */
const served = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : value);

describe.skipIf(!python)('modeldrop_export.py (skipped where no python3 has scikit-learn and pandas)', () => {
  describe.each(Object.entries(written))('a model of scikit-learn: %s', (name, answered) => {
    it('answers as scikit-learn does, to nine digits, and labels exactly', async () => {
      const inspection = exported(name);
      await replayGolden(inspection.content, nativePredictor(inspection.model));
      const [example] = inspection.content.examples as [Example];
      const outputs = example.outputs as Record<string, unknown[]>;
      expect(example.tolerance).toBe(1e-9);
      expectAnswers(outputs.predict as unknown[], answered.predict, inspection.content.labels?.map(String));
      if (answered.predict_proba && 'predict_proba' in outputs) {
        expectClose(outputs.predict_proba as number[][], answered.predict_proba);
      }
      expect((example.inputs.instances as unknown[]).length).toBe(answered.predict.length);
    });
  });

  it('is tried with every row of mixed.csv that has gaps and categories', () => {
    const [{ inputs }] = exported('mixed, indicators').content.examples as [Example];
    const instances = inputs.instances as Record<string, unknown>[];
    expect(instances.filter(({ income }) => income === null).length).toBeGreaterThan(2);
  });

  it('keeps probabilities where there are some', () => {
    for (const name of ['two, svc with probabilities', 'three, svc with probabilities', 'three, softmax', 'words']) {
      expect(exported(name).content.examples[0]?.outputs, name).toHaveProperty('predict_proba');
    }
  });

  it('leaves out what the model ignores', () => {
    expect(exported('mixed, some columns ignored').content.features).toEqual(['late_payments', 'housing', 'branch']);
  });

  describe.each(Object.entries(refused))('%s', (name, { words, files }) => {
    it('is refused in words that help, and nothing is written', () => {
      expect(words).toMatch(refusals[name] as RegExp);
      expect(files).toEqual([]);
    });
  });

  it('names the ONNX call where that would do, and only there', () => {
    const withCall = Object.keys(refused).filter((name) => refused[name]?.words.includes('to_onnx(model, X[:1]'));
    expect(withCall.toSorted()).toEqual(onnxWouldDo.toSorted());
    expect(refused.forest?.words).toContain("options={'zipmap': False}");
    expect(refused.pca?.words).not.toContain('zipmap');
  });
});

function expectAnswers(got: unknown[], expected: unknown[], labels: readonly string[] | undefined): void {
  if (labels === undefined) expectClose(got as number[], expected as number[]);
  else expect(got.map(String)).toEqual(expected.map(served).map(String));
}

const refusals: Readonly<Record<string, RegExp>> = {
  unfitted: /^LinearRegression is not fitted yet: call fit first$/,
  'unfitted pipeline': /^StandardScaler is not fitted yet: call fit first$/,
  'unfitted encoder': /^OneHotEncoder is not fitted yet: call fit first$/,
  'not a number': /^Ridge.coef_ must be finite, got nan/,
  forest: /^RandomForestClassifier can't be written as model.json; these can: /,
  pca: /^PCA can't be written as model.json; these steps can: ColumnTransformer, /,
  'one against the rest': /multinomial can/,
  'linear svc of three': /^LinearSVC of 3 classes can't be written/,
  'own kernel': /^SVC must have kernel 'linear', 'poly', 'rbf' or 'sigmoid', got <function/,
  'numbers as categories': /takes texts only: fill gaps first \(SimpleImputer\), and fit to df\[column\].astype\(str\)/,
  clipped: /clip=True/,
  'pairs of words': /^TfidfVectorizer must have ngram_range=\(1, 1\), got \(1, 2\)/,
  twice: /^column 'bmi' goes into two transformers/,
  'same names': /two are named 'a'$/,
  'no name': /one has none$/,
  'too few names': /must name the 10 columns that the model was fitted to, got 1 names$/,
  'other names': /^features must be absent, or the names that the model was fitted to: age, sex/,
  'a name that is none': /^no column may be named '__proto__'/,
  'half a pair': /half of a surrogate pair$/,
  'several labels': /./,
  'no rows': /^rows must hold at least one row/,
  'rare categories together': /infrequent categories/,
};

const onnxWouldDo = [
  'clipped',
  'forest',
  'linear svc of three',
  'numbers as categories',
  'one against the rest',
  'own kernel',
  'pairs of words',
  'pca',
  'rare categories together',
  'several labels',
  'twice',
];
