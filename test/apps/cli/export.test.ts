import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../closeness.ts';
import { temporaryHome } from '../../journey/running-platform.ts';
import { modeldrop } from './command.ts';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

const reference = (path: string): string => fileURLToPath(new URL(`../../reference/${path}`, import.meta.url));

const home = (): Promise<string> => temporaryHome(cleanups);

/** A folder with a model that is learned from categories, numbers and gaps. */
async function learned(): Promise<string> {
  const folder = join(await home(), 'm');
  const { code, stderr } = await modeldrop([
    'train',
    reference('data/mixed.csv'),
    '--target',
    'target',
    '--out',
    folder,
  ]);
  expect(code, stderr).toBe(0);
  return folder;
}

describe('modeldrop export', () => {
  it('writes what answers as modeldrop predict does, from records to labels and probabilities', async () => {
    const folder = await learned();
    const out = join(folder, 'exports', 'mixed.onnx');
    const { code, stdout } = await modeldrop(['export', folder, '--out', out, '--json']);
    expect(code).toBe(0);
    const { bytes, ...told } = JSON.parse(stdout);
    expect(told).toEqual({
      file: out,
      kind: 'logistic',
      precision: 'float64',
      inputs: ['colour', 'size', 'age', 'income'],
      outputs: ['predict', 'predict_proba', 'decision_function'],
    });
    expect(bytes).toBe((await readFile(out)).length);

    const input = JSON.stringify([
      { colour: 'red', size: 'L', age: 41, income: 30_000 },
      { colour: 'never seen', size: null, age: null, income: 52_000.5 },
    ]);
    const args = ['predict', folder, '--input', '-', '--probabilities', '--json'];
    const { predictions } = JSON.parse((await modeldrop(args, { input })).stdout) as {
      predictions: { label: number; probabilities: Record<string, number> }[];
    };
    const session = await InferenceSession.create(out, { logSeverityLevel: 4 });
    const { predict, predict_proba } = await session.run({
      colour: new Tensor('string', ['red', 'never seen'], [2]),
      size: new Tensor('string', ['L', ''], [2]),
      age: new Tensor('float64', Float64Array.of(41, Number.NaN), [2]),
      income: new Tensor('float64', Float64Array.of(30_000, 52_000.5), [2]),
    });
    expect(Array.from(predict?.data as BigInt64Array, Number)).toEqual(predictions.map(({ label }) => label));
    expectClose(
      predict_proba?.data as Float64Array,
      predictions.flatMap(({ probabilities }) => [probabilities['0'] ?? 0, probabilities['1'] ?? 0]),
    );
  });

  it('takes model files of other programs, and says in words what it wrote', async () => {
    const out = join(await home(), 'iris.onnx');
    const args = ['export', reference('models/libsvm-iris-rbf-b1.model'), '--out', out, '--float32'];
    const { code, stdout } = await modeldrop(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/iris\.onnx: \d+ bytes, svm, answers predict, predict_proba, decision_function\n$/);
    const { inputMetadata } = await InferenceSession.create(out, { logSeverityLevel: 4 });
    expect(inputMetadata).toMatchObject([{ name: 'input', type: 'float32', shape: ['rows', 4] }]);
  });

  it('writes model.onnx where it is called, over what was there', async () => {
    const cwd = await home();
    await writeFile(join(cwd, 'model.onnx'), 'an older one');
    const { code } = await modeldrop(['export', reference('models/libsvm-iris-linear.model')], { cwd });
    expect(code).toBe(0);
    expect(await readdir(cwd)).toEqual(['model.onnx']);
    await InferenceSession.create(join(cwd, 'model.onnx'), { logSeverityLevel: 4 });
  });

  it.each([
    ['a model that is not exported', reference('models/xgboost/binary.json'), 'a model of kind trees is not exported'],
    ['a file that is no model', reference('data/iris.csv'), 'is of no format that is served'],
    ['a file that is not there', './nowhere.json', "can't be read: there is no such file"],
  ])('refuses %s on one line, and writes nothing', async (_, path, message) => {
    const cwd = await home();
    const { code, stdout, stderr } = await modeldrop(['export', path], { cwd });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('leaves nothing behind where it can not write', async () => {
    const cwd = await home();
    await mkdir(join(cwd, 'taken.onnx', 'full'), { recursive: true });
    const args = ['export', reference('models/libsvm-iris-linear.model'), '--out', 'taken.onnx'];
    const { code, stderr } = await modeldrop(args, { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("taken.onnx can't be written")]);
    expect(await readdir(cwd)).toEqual(['taken.onnx']);
  });
});
