import { describe, expect, test } from 'vitest';
import { parseTable } from '../../../../../adapters/table/read-table.ts';
import { writeOnnx } from '../../../../../models/formats/onnx/write/write-onnx.ts';
import type { Recipe } from '../../../../../models/learning/recipe.ts';
import { readIndices } from '../../../../../models/learning/split.ts';
import { train } from '../../../../../models/learning/train.ts';
import type { NativeModel } from '../../../../../models/native.ts';
import { expectClose } from '../../../../closeness.ts';
import { referenceFile, referenceJson } from '../../../../reference.ts';
import { expectAgreement, readModel, tensorsOf } from './agreement.ts';
import { openSession, runOnnx } from './run-onnx.ts';

type Cell = number | string;

/** A model learned from a reference table, from the rows of the reference, and all rows of the table. */
async function trained(name: string, recipe: Recipe): Promise<{ model: NativeModel; rows: Cell[][] }> {
  const table = await parseTable(referenceFile(`data/${name}.csv`));
  const side = (which: string) => readIndices(referenceFile(`data/${name}.${which}.idx`), table.frame.count);
  const chosen = { train: side('train'), test: side('test') };
  const ports = { now: () => 0, onProgress: () => {} };
  const { model: json } = train(table, { target: 'target', ...recipe }, chosen, ports);
  const model = readModel(json);
  const columns = model.features.map((feature) => table.frame.columns.find(({ name }) => name === feature)?.values);
  const rows = Array.from({ length: table.frame.count }, (_, row) => columns.map((values) => values?.[row] ?? ''));
  return { model, rows };
}

const session = (model: NativeModel) => openSession(writeOnnx(model, { precision: 'double', release: '1.2.3' }));

const learned: readonly [table: string, recipe: Recipe][] = [
  ['diabetes_raw', { kind: 'linear', prepare: 'standard' }],
  ['diabetes_raw', { kind: 'ridge', prepare: 'minmax' }],
  ['diabetes_raw', { kind: 'lasso', prepare: 'robust', alpha: 0.1 }],
  ['diabetes_raw', { kind: 'elastic-net', prepare: 'auto', alpha: 0.1 }],
  ['diabetes_raw', { kind: 'svr' }],
  ['breast_cancer', { kind: 'logistic' }],
  ['breast_cancer', { kind: 'svc', probability: true }],
  ['iris', { kind: 'logistic', prepare: 'none' }],
  ['iris', { kind: 'svc', kernel: 'poly', coef0: 1, probability: true }],
  ['digits', { kind: 'svc', kernel: 'rbf', prepare: 'none' }],
  ['breast_cancer', { kind: 'svc', kernel: 'linear' }],
  ['mixed', { kind: 'logistic' }],
  ['mixed', { kind: 'svc', probability: true, prepare: { numbers: { indicator: true, scale: 'robust' } } }],
];

describe('what is learned from', () => {
  test.each(learned)('%s by %o answers the same in ONNX Runtime, every row', async (name, recipe) => {
    const { model, rows } = await trained(name, recipe);
    expect(await expectAgreement(model, await session(model), tensorsOf(model, rows))).toBe(true);
  });

  test('categories and gaps answers what the pipeline of scikit-learn does', async () => {
    const { model } = await trained('mixed', { kind: 'logistic' });
    const { mixed_pipeline: reference } = referenceJson<{
      mixed_pipeline: { unknown_rows: Record<string, Cell | null>[]; unknown_proba: number[][] };
    }>('results/preprocessing.json');
    const rows = reference.unknown_rows.map((row) =>
      model.features.map((name) => row[name] ?? (model.types?.[name] ? '' : Number.NaN)),
    );
    const { predict_proba } = await runOnnx(await session(model), tensorsOf(model, rows));
    // Its solver stops at 1e-4 of the gradient.
    expectClose(predict_proba?.data as Float64Array, reference.unknown_proba, 1e-3);
  });
});
