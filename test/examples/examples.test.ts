import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import * as diagnosis from '../../examples/diagnosis/example.ts';
import type { BuiltExample } from '../../examples/example.ts';
import { examples } from '../../examples/examples.ts';
import { reference as irisReference } from '../../examples/iris/reference.ts';
import { learn, readSplit } from '../../examples/linear-regression/example.ts';
import { expand } from '../../functions/http/expand.ts';
import { replayGolden } from '../../functions/verify/golden.ts';
import { predictorOf } from '../../functions/verify/predictor-of.ts';
import { inspectDropped } from '../../models/formats/dropped.ts';
import { MODEL_NAME } from '../../models/model-name.ts';
import { expectClose } from '../closeness.ts';
import { referenceJson } from '../reference.ts';

const parse = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

type Built = ReturnType<typeof inspectDropped>;

function inspectBuilt({ files }: BuiltExample): Built {
  const [model, ...companions] = files;
  const bytesOf = (name: string) => companions.find((file) => file.name === name)?.bytes;
  const [golden, drop] = [bytesOf('examples.json'), bytesOf('drop.json')];
  if (model === undefined) throw new Error('the model file comes first');
  return inspectDropped(expand(model), { ...(golden && { examples: golden }), ...(drop && { declared: parse(drop) }) });
}

const built = async (name: string) => {
  const example = await examples.find((candidate) => candidate.name === name)?.build();
  if (example === undefined) throw new Error(`there is no example ${name}`);
  return inspectBuilt(example);
};

describe.each(examples)('the bundled example $name', ({ name, build }) => {
  it('is named as a model is', async () => {
    expect(name).toMatch(MODEL_NAME);
    expect((await build()).name).toBe(name);
  });

  it('answers its golden examples', async () => {
    const inspection = inspectBuilt(await build());
    expect(inspection.content.examples.length).toBeGreaterThan(0);
    await replayGolden(inspection.content, await predictorOf(inspection, openInRuntime()));
  });

  it('is the same model every time it is built', async () => expect(await build()).toEqual(await build()));

  it('tells where its data are from', async () => {
    const readme = await readFile(new URL(`../../examples/${name}/README.md`, import.meta.url), 'utf8');
    expect(readme).toMatch(new RegExp(`^# ${name}\n`));
    expect(readme).toContain('Data: ');
  });
});

describe('linear-regression', () => {
  it('is the least squares line of the reference', async () => {
    const { models } = referenceJson<{ models: Record<string, Record<string, number>> }>('results/seed-linear.json');
    const expected = models.LinearRegression ?? {};
    const { metrics } = (await built('linear-regression')).content;
    expectClose(metrics?.test?.r2 ?? 0, expected.r2_test ?? 0);
    expectClose(metrics?.test?.rmse ?? 0, expected.rmse_test ?? 0);
    expectClose(metrics?.test?.mae ?? 0, expected.mae_test ?? 0);
    expectClose(metrics?.train?.r2 ?? 0, expected.r2_train ?? 0);
  });

  it('knows the range that it has seen', async () => {
    const { baseline } = (await built('linear-regression')).content;
    expect(baseline?.rows).toBe(80);
    expect(baseline?.features).toEqual([
      expect.objectContaining({ name: 'x', min: expect.closeTo(0.019, 3), max: expect.closeTo(0.988, 3) }),
    ]);
  });

  it('has a README whose figures are those of the two fits', async () => {
    const { exact, descent } = learn((await readSplit()).train);
    const text = await readFile(new URL('../../examples/linear-regression/README.md', import.meta.url), 'utf8');
    const readme = text.replaceAll(/ +/g, ' ');
    for (const { intercept, coefficients } of [exact, descent]) {
      expect(readme).toContain(`| ${intercept.toFixed(3)} | ${coefficients[0]?.toFixed(3)} |`);
    }
    const curve = [0, 1, 10, 100, 1000].map((step) => descent.losses[step]?.toFixed(4));
    expect(readme).toContain(`| ${curve.join(' | ')} |`);
  });
});

describe('diagnosis', () => {
  it('is as good as the reference', async () => {
    const { models } = referenceJson<{ models: Record<string, Record<string, number>> }>('results/breast_cancer.json');
    const expected = models.LogisticRegression_C1_standardised_EXACT_newton ?? {};
    const { metrics } = (await built('diagnosis')).content;
    expectClose(metrics?.test?.accuracy ?? 0, expected.acc_test ?? 0);
    expectClose(metrics?.test?.logloss ?? 0, expected.logloss_test ?? 0);
    expectClose(metrics?.test?.auc ?? 0, expected.auc_test ?? 0);
    expect(metrics?.test?.accuracy).toBeGreaterThan(metrics?.baseline?.accuracy ?? 1);
  });

  it('learns from no row that it is judged on', async () => {
    const { train, test } = await diagnosis.readSplit();
    expect([train.rows.count, test.rows.count]).toEqual([455, 114]);
    const rowsOf = ({ rows: { values, width, count } }: typeof train) =>
      Array.from({ length: count }, (_, row) => values.subarray(row * width, (row + 1) * width).join());
    const seen = new Set(rowsOf(train));
    expect(rowsOf(test).filter((row) => seen.has(row))).toEqual([]);
  });
});

describe('iris', () => {
  it('keeps the labels of the file in its order, and names the features', async () => {
    const { labels, features } = (await built('iris')).content;
    expect(labels).toEqual([1, 0, 2]);
    expect(labels).toEqual(irisReference.labels);
    expect(features).toEqual(['sepal_length', 'sepal_width', 'petal_length', 'petal_width']);
  });
});
