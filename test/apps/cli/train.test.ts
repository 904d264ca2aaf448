import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../closeness.ts';
import { temporaryHome } from '../../journey/running-platform.ts';
import { referenceJson } from '../../reference.ts';
import { modeldrop } from './command.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const dataFile = (name: string): string => fileURLToPath(new URL(`../../reference/data/${name}`, import.meta.url));

interface Result {
  readonly kind: string;
  readonly features: string[];
  readonly coefficients: number[] | number[][];
  readonly intercept: number | number[];
  readonly original: { coefficients: number[][]; intercept: number[] };
  readonly objective: number;
  readonly converged: boolean;
  readonly gap: number;
  readonly metrics: Record<string, number>;
  readonly hyperparameters: Record<string, number>;
  readonly search?: { trials: unknown[] };
}

/** Trains on the very rows of the references. */
async function trainOn(name: string, ...flags: string[]): Promise<{ result: Result; folder: string }> {
  const folder = join(await temporaryHome(cleanups), 'model');
  const rows = ['--rows', dataFile(`${name}.train.idx`), '--test-rows', dataFile(`${name}.test.idx`)];
  const args = ['train', dataFile(`${name}.csv`), '--target', 'target', ...rows, '--out', folder, '--json', ...flags];
  const { code, stdout, stderr } = await modeldrop(args);
  expect(code, stderr).toBe(0);
  return { result: JSON.parse(stdout.trim().split('\n').at(-1) as string), folder };
}

interface Reference {
  readonly coef: number[] & number[][];
  readonly intercept: number & number[];
  readonly objective: number;
  readonly acc_test: number;
  readonly r2_test: number;
  readonly rmse_test: number;
}

const reference = (name: string, key: string): Reference =>
  referenceJson<{ models: Record<string, Reference> }>(`results/${name}.json`).models[key] as Reference;

describe('modeldrop train', () => {
  it('finds the least squares that scikit-learn finds', async () => {
    const { result } = await trainOn('diabetes_raw', '--kind', 'linear', '--prepare', 'none');
    const expected = reference('diabetes_raw', 'LinearRegression');
    expectClose(result.coefficients, expected.coef, 1e-9);
    expectClose(result.intercept, expected.intercept, 1e-9);
    expectClose(result.metrics.r2 as number, expected.r2_test);
    expectClose(result.metrics.rmse as number, expected.rmse_test);
  });

  it('finds the true optimum of logistic regression', async () => {
    const { result } = await trainOn('iris', '--kind', 'logistic', '--prepare', 'none');
    const expected = reference('iris', 'LogisticRegression_C1_raw_EXACT_newton');
    expect(result.converged).toBe(true);
    expect(result.objective - expected.objective).toBeLessThan(1e-8);
    expectClose(result.coefficients, expected.coef, 1e-6);
  });

  it('fits with l1, class weights and an early end as its flags say', async () => {
    const { result } = await trainOn('breast_cancer', '--kind', 'logistic', '--penalty', 'l1', '--C', '0.1');
    const { 'breast_cancer_l1_C0.1': expected } = referenceJson<Record<string, Reference>>(
      'results/logistic-penalties.json',
    );
    expectClose(result.objective, expected?.objective as number, 1e-7);
    expect(result.hyperparameters).toEqual({ C: 0.1, penalty: 'l1' });
    const flags = ['--kind', 'logistic', '--class-weight', '{"1": 2.5}', '--max-iter', '1', '--tol', '1e-3'];
    const stopped = await trainOn('breast_cancer', ...flags);
    expect(stopped.result.converged).toBe(false);
    expect(stopped.result.gap).toBeGreaterThan(1e-3);
    const loose = await trainOn('breast_cancer', ...flags.slice(0, 4), '--tol', '1e-3');
    expect(loose.result.converged).toBe(true);
    expect(loose.result.gap).toBeLessThanOrEqual(1e-3);
  });

  describe('on rows of different weight, as scikit-learn weighs them', () => {
    const expected = referenceJson<Record<string, Reference & { first: number[] }>>('results/row-weights.json');

    /** Trains on every row of a table, with 1, 2, 3, 4, 1 ... in a column of its own. */
    async function trainWeighted(name: string, ...flags: string[]): Promise<{ result: Result; folder: string }> {
      const home = await temporaryHome(cleanups);
      const [header, ...lines] = (await readFile(dataFile(`${name}.csv`), 'utf8')).trim().split('\n');
      const isFirst = (line: string): string =>
        `${line.slice(0, line.lastIndexOf(','))},${Number(line.endsWith(',1'))}`;
      const rows = lines.map((line, i) => `${1 + (i % 4)},${name === 'iris' ? isFirst(line) : line}`);
      const files = {
        table: `times,${header}\n${rows.join('\n')}\n`,
        all: lines.map((_, i) => i).join('\n'),
        some: '0',
      };
      for (const [file, text] of Object.entries(files)) await writeFile(join(home, `${file}.csv`), text);
      const folder = join(home, 'model');
      const chosen = ['--rows', join(home, 'all.csv'), '--test-rows', join(home, 'some.csv')];
      const always = ['--target', 'target', '--prepare', 'none', '--out', folder, '--json'];
      const { code, stdout, stderr } = await modeldrop([
        'train',
        join(home, 'table.csv'),
        ...chosen,
        ...always,
        ...flags,
      ]);
      expect(code, stderr).toBe(0);
      return { result: JSON.parse(stdout.trim().split('\n').at(-1) as string), folder };
    }

    it.each([
      ['linear', 'diabetes_raw', ['--kind', 'linear'], 1e-9],
      ['ridge', 'diabetes_raw', ['--kind', 'ridge', '--alpha', '2'], 1e-9],
      ['lasso', 'diabetes_raw', ['--kind', 'lasso', '--alpha', '0.5'], 1e-6],
      ['elastic-net', 'diabetes_raw', ['--kind', 'elastic-net', '--alpha', '0.5', '--l1-ratio', '0.3'], 1e-6],
      ['logistic', 'iris', ['--kind', 'logistic'], 1e-5],
      ['logistic, class weights', 'iris', ['--kind', 'logistic', '--class-weight', '{"1": 3}'], 1e-5],
    ])('%s', async (name, table, flags, tolerance) => {
      const { result } = await trainWeighted(table, '--weight', 'times', ...flags);
      const { coef, intercept } = expected[name] as Reference;
      expect(result.features).not.toContain('times');
      expectClose([result.coefficients].flat(2), [coef].flat(2), tolerance);
      expectClose([result.intercept].flat(), [intercept].flat(), tolerance);
    });

    it('svr', async () => {
      const flags = ['--kind', 'svr', '--C', '10', '--epsilon', '0.5', '--tol', '1e-6', '--weight', 'times'];
      const { folder } = await trainWeighted('diabetes_raw', ...flags);
      const rows = (await readFile(dataFile('diabetes_raw.csv'), 'utf8')).split('\n').slice(1, 6);
      const input = JSON.stringify(rows.map((row) => row.split(',').slice(0, -1).map(Number)));
      const { stdout, stderr } = await modeldrop(['predict', folder, '--input', '-', '--json'], { input });
      expectClose(JSON.parse(stdout || stderr).predictions, expected.svr?.first as number[], 1e-4);
    });

    it('and where nobody weighs them, the column is one more feature', async () => {
      const flags = ['--kind', 'elastic-net', '--alpha', '0.5', '--l1-ratio', '0.3'];
      expect((await trainWeighted('diabetes_raw', ...flags)).result.features[0]).toBe('times');
      const { coef } = expected['elastic-net, unweighted'] as Reference;
      const even = await trainWeighted('diabetes_raw', ...flags, '--group', 'times');
      expectClose([even.result.coefficients].flat(2), [coef].flat(2), 1e-6);
    });
  });

  it('leaves out the first level of a category where it is told to', async () => {
    const all = await trainOn('mixed', '--kind', 'logistic');
    const { result } = await trainOn('mixed', '--kind', 'logistic', '--drop', 'first');
    const width = ({ coefficients }: Result): number => [coefficients].flat(2).length;
    // colour and size: one column less each.
    expect(width(all.result) - width(result)).toBe(2);
  });

  it('tells coefficients in the units of the table too', async () => {
    const standardised = await trainOn('diabetes_raw', '--kind', 'linear', '--prepare', 'standard');
    const { coef, intercept } = reference('diabetes_raw', 'LinearRegression');
    const { original } = standardised.result as unknown as { original: { coefficients: number[]; intercept: number } };
    expectClose(original.coefficients, coef, 1e-8);
    expectClose(original.intercept, intercept, 1e-8);
  });

  it('gives what the pipeline of scikit-learn gives on categories and gaps', async () => {
    const { mixed_pipeline: expected } = referenceJson<{
      mixed_pipeline: { proba_test: number[][]; acc_test: number; unknown_rows: object[]; unknown_proba: number[][] };
    }>('results/preprocessing.json');
    const { result, folder } = await trainOn('mixed', '--kind', 'logistic');
    expect(result.metrics.accuracy).toBeCloseTo(expected.acc_test, 12);
    const input = JSON.stringify(expected.unknown_rows);
    const args = ['predict', folder, '--input', '-', '--probabilities', '--json'];
    const { stdout } = await modeldrop(args, { input });
    const { predictions } = JSON.parse(stdout) as { predictions: { probabilities: Record<string, number> }[] };
    // Its solver stops at 1e-4 of the gradient.
    expectClose(
      predictions.map(({ probabilities }) => [probabilities['0'] ?? 0, probabilities['1'] ?? 0]),
      expected.unknown_proba,
      1e-3,
    );
  });

  it('searches hyperparameters by cross-validation', async () => {
    const { result } = await trainOn('iris', '--kind', 'svc', '--C', '0.1,1,10', '--cv', '4');
    expect(result.search?.trials).toHaveLength(3);
    expect([0.1, 1, 10]).toContain(result.hyperparameters.C);
    expect(result.metrics.accuracy).toBeGreaterThan(0.9);
  });

  it('is the same for the same seed, byte by byte', async () => {
    const train = async () => {
      const folder = join(await temporaryHome(cleanups), 'm');
      const { code } = await modeldrop([
        'train',
        dataFile('iris.csv'),
        '--kind',
        'svc',
        '--probability',
        '--seed',
        '7',
        '--out',
        folder,
      ]);
      expect(code).toBe(0);
      return readFile(join(folder, 'model.json'), 'utf8');
    };
    expect(await train()).toBe(await train());
  });

  it('chooses what to fit, and says why', async () => {
    const folder = join(await temporaryHome(cleanups), 'm');
    const { stdout } = await modeldrop(['train', dataFile('iris.csv'), '--out', folder]);
    expect(stdout).toContain('logistic, because target holds 3 integers, each in 10 rows or more');
  });

  it.each<[string, string, string[], number, string]>([
    ['an empty table', '', [], 1, 'is empty'],
    ['one class only', 'a,y\n1,x\n2,x\n', [], 1, 'must have two classes or more'],
    ['a constant target', 'a,y\n1,2.5\n2,2.5\n', [], 1, 'must vary: every row has the same, got 2.5'],
    [
      'a column without any value',
      'a,b,y\n1,,1.5\n2,,2\n3,,4\n4,,5\n5,,7\n',
      [],
      1,
      'column "b" must hold a value in some training row',
    ],
    ['a header that names a column twice', 'a,a\n1,2\n', [], 1, 'line 1 must name every column once, got "a"'],
    [
      'a target that is not there',
      'a,b\n1,2\n',
      ['--target', 'price'],
      1,
      'must be one of the columns a, b, got "price"',
    ],
    ['a gap in the target', 'a,y\n1,2\n2,\n', [], 1, 'row 1, target "y" must not be missing'],
    ['C of 0', 'a,y\n1,0\n2,1\n', ['--C', '0'], 1, 'option.C'],
    ['a share of l1 beyond 1', 'a,y\n1,0.5\n2,1\n', ['--l1-ratio', '2'], 1, 'option.l1Ratio must be <= 1, got 2'],
    ['an unknown penalty', 'a,y\n1,0\n2,1\n', ['--penalty', 'l3'], 2, 'penalty'],
    ['half an iteration', 'a,y\n1,0\n2,1\n', ['--max-iter', '0.5'], 1, 'option.maxIterations'],
    ['a tolerance of 0', 'a,y\n1,0\n2,1\n', ['--tol', '0'], 1, 'option.tolerance'],
    ['class weights that are no JSON', 'a,y\n1,0\n2,1\n', ['--class-weight', '{"1":'], 1, '--class-weight'],
    [
      'a weight of a class that is not there',
      `a,y\n${'1,no\n2,yes\n'.repeat(9)}`,
      ['--class-weight', '{"maybe": 2}'],
      1,
      'classWeight must name labels (no, yes), got "maybe"',
    ],
    [
      'no penalty on classes that a feature separates',
      `a,y\n${'1,no\n2,yes\n'.repeat(9)}`,
      ['--penalty', 'none'],
      1,
      'penalty must be l2 or l1 here',
    ],
    ['an unknown kind', 'a,y\n1,2\n', ['--kind', 'forest'], 2, 'kind'],
    ['a search without a number', 'a,y\n1,2\n', ['--alpha', 'much'], 2, 'must be a number'],
  ])('refuses %s, and writes nothing', async (_, table, flags, exit, message) => {
    const home = await temporaryHome(cleanups);
    const path = join(home, 't.csv');
    await writeFile(path, table);
    const { code, stderr } = await modeldrop(['train', path, ...flags, '--out', join(home, 'out')]);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(exit);
    expect(await readdir(home)).toEqual(['t.csv']);
  });

  it('refuses a table that the memory can not hold, before it reads it, and writes nothing', async () => {
    const home = await temporaryHome(cleanups);
    const path = join(home, 't.csv');
    await writeFile(path, 'a,y\n1,2\n');
    // It takes no room on the disk.
    await truncate(path, 2 ** 42);
    const { code, stderr } = await modeldrop(['train', path, '--out', join(home, 'out')]);
    expect(stderr).toMatch(/^modeldrop: t\.csv must take at most \d+ bytes to be learned from within the memory/);
    expect(code).toBe(1);
    expect(await readdir(home)).toEqual(['t.csv']);
  });
});

describe('an interval in the terminal', () => {
  it('stands beside each value of a folder’s model, and is refused where it is too wide', async () => {
    const { folder } = await trainOn('diabetes_raw', '--kind', 'ridge');
    const input = await readFile(dataFile('diabetes_raw.csv'), 'utf8');
    const rows = input.split('\n').slice(0, 4).map((line) => line.split(',').slice(0, -1).join(',')).join('\n'); // biome-ignore format: a row
    const asked = (level: string) =>
      modeldrop(['predict', folder, '--input', '-', '--interval', level], { input: rows });
    const { code, stdout } = await asked('0.9');
    expect(code).toBe(0);
    const answers = stdout.trim().split('\n').map((line) => JSON.parse(line)); // biome-ignore format: a row
    expect(answers).toHaveLength(3);
    for (const { value, lower, upper } of answers) expectClose(upper - value, value - lower);
    expect((await asked('0.999')).stderr).toContain('must be at most 0.997');
    expect((await asked('90')).code).toBe(2);
  });
});

describe('modeldrop evaluate', () => {
  it('measures a model on a table, as its training did on the rows held back', async () => {
    const { result, folder } = await trainOn('mixed', '--kind', 'logistic');
    const lines = (await readFile(dataFile('mixed.csv'), 'utf8')).split('\n');
    const rows = (await readFile(dataFile('mixed.test.idx'), 'utf8')).trim().split('\n').map(Number);
    const table = join(folder, 'held-back.csv');
    await writeFile(table, [lines[0], ...rows.map((row) => lines[row + 1])].join('\n'));
    const { code, stdout } = await modeldrop(['evaluate', folder, table, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: rows.length, metrics: result.metrics });
  });

  it('writes the report of a training on another table, as figures or as a page', async () => {
    const { folder } = await trainOn('mixed', '--kind', 'logistic', '--positive', '0', '--threshold', '0.4');
    const [figures, page] = [join(folder, 'report.json'), join(folder, 'report.html')];
    for (const report of [figures, page]) {
      const args = ['evaluate', folder, dataFile('mixed.csv'), '--slice', 'colour', '--report', report];
      const { code, stderr } = await modeldrop(args);
      expect([code, stderr]).toEqual([0, '']);
    }
    const report = JSON.parse(await readFile(figures, 'utf8'));
    expect(report).toMatchObject({
      task: 'classification',
      target: 'target',
      labels: [0, 1],
      primary: 'logloss',
      rows: { test: report.data.rows },
      threshold: { positive: 0, value: 0.4, from: 'stated' },
    });
    expect(report.metrics.accuracy.interval).toHaveLength(2);
    expect(report.importance).toHaveLength(4);
    expect(report.slices.length).toBeGreaterThan(2);
    expect(await readFile(page, 'utf8')).toContain('From a probability of <b>0.4</b>: stated.');
    const other = await modeldrop(['evaluate', folder, dataFile('mixed.csv'), '--report', join(folder, 'report.pdf')]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('.html or .json')]);
  });

  it.each([
    ['without a feature', 'colour,size,age,target\nred,L,3,0\n', 'must have every feature of the model, got "income"'],
    [
      'with a class that the model does not know',
      'colour,size,age,income,target\nred,L,3,4,7\n',
      "the model's labels 0, 1, got 7",
    ],
    ['without the target', 'colour,size,age,income\nred,L,3,4\n', 'target must be a column of the table'],
  ])('refuses a table %s', async (_, text, message) => {
    const { folder } = await trainOn('mixed', '--kind', 'logistic');
    const table = join(folder, 't.csv');
    await writeFile(table, text);
    const { code, stderr } = await modeldrop(['evaluate', folder, table]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
