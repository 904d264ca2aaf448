import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerersIn, type Cascade } from '../../../models/cascade/cascade.ts';
import { cascadePredictor } from '../../../models/cascade/cascade-predictor.ts';
import { type Labels, labelTensor, parseLabels } from '../../../models/labels.ts';
import type { Predictor } from '../../../models/predictor.ts';
import { fp64, type Tensor, type Tensors } from '../../../models/tensor.ts';

const { signal } = new AbortController();
const inputs = [{ name: 'input', datatype: 'FP64' as const, shape: [-1, 2] }];
const none = { close: async () => {} };

/** Probabilities of each of two rows' first feature, as the small model has them. */
const smallOf = (labels: Labels): Predictor => ({
  ...none,
  signature: { inputs, outputs: [] },
  async predict(given): Promise<Tensors> {
    const { data, shape } = given.get('input') as Tensor;
    const p = Array.from({ length: shape[0] as number }, (_, row) => Number(data[2 * row]));
    return new Map([
      [
        'predict',
        labelTensor(
          labels,
          p.map((value) => Number(value > 0.5)),
        ),
      ],
      ['predict_proba', fp64([p.length, 2], Float64Array.from(p.flatMap((value) => [1 - value, value])))],
    ]);
  },
});

interface Asked {
  readonly rows: number[][];
}

/** Answers the second feature as the probability of its first class. */
function largeOf(asked: Asked): Predictor {
  return {
    ...none,
    signature: { inputs: [], outputs: [] },
    async predict(given): Promise<Tensors> {
      const { data, shape, datatype } = given.get('image') as Tensor;
      expect([datatype, shape.slice(1)]).toEqual(['FP32', [1, 2]]);
      const rows = Array.from({ length: shape[0] as number }, (_, i) => [Number(data[2 * i]), Number(data[2 * i + 1])]);
      asked.rows.push(...rows);
      return new Map([
        [
          'p',
          {
            datatype: 'FP32',
            shape: [rows.length, 2],
            data: Float32Array.from(rows.flatMap(([, q]) => [q as number, 1 - (q as number)])),
          },
        ],
      ]);
    },
  };
}

function cascadeOf(labels: Labels, more: Partial<Cascade> = {}, scores: 'probabilities' | 'logits' = 'probabilities') {
  const asked: Asked = { rows: [] };
  const cascade = {
    threshold: 0.9,
    temperature: 1,
    large: {
      file: 'large.onnx',
      signature: { inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 1, 2] }], outputs: [] },
      onnx: {},
      output: 'p',
      scores,
      // The large model has the classes the other way round.
      order: [1, 0],
    },
    ...more,
  } as unknown as Cascade;
  const predictor = cascadePredictor({ small: smallOf(labels), large: largeOf(asked), labels, cascade });
  const predict = (rows: readonly (readonly [number, number])[]) =>
    predictor.predict(new Map([['input', fp64([rows.length, 2], Float64Array.from(rows.flat()))]]), signal);
  return { asked, predict };
}

const numbers = parseLabels([3, 7]);
const texts = parseLabels(['no', 'yes']);
const probability = fc.integer({ min: 0, max: 64 }).map((k) => k / 64);

describe('a cascade', () => {
  it('asks the large model about exactly the rows of which the small one is not sure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(probability, probability), { maxLength: 30 }), async (rows) => {
        const { asked, predict } = cascadeOf(numbers);
        const answers = await predict(rows);
        const isSure = ([p]: readonly [number, number]): boolean => Math.max(p, 1 - p) >= 0.9;
        expect(asked.rows).toEqual(rows.filter((row) => !isSure(row)).map((row) => [...row]));
        expect(answerersIn(answers)).toEqual(rows.map((row) => (isSure(row) ? 'small' : 'large')));
        const expected = rows.map((row) => (isSure(row) ? [1 - row[0], row[0]] : [1 - row[1], row[1]]));
        expect(Array.from(answers.get('predict_proba')?.data as Float64Array)).toEqual(expected.flat());
        expect(Array.from(answers.get('predict')?.data as BigInt64Array)).toEqual(
          expected.map(([no = 0, yes = 0]) => (yes > no ? 7n : 3n)),
        );
      }),
    );
  });

  it('answers texts, too', async () => {
    const answers = await cascadeOf(texts).predict([
      [0.95, 0.1],
      [0.6, 0.1],
    ]);
    const words = ((answers.get('predict') as Tensor).data as Uint8Array[]).map((word) =>
      new TextDecoder().decode(word),
    );
    expect(words).toEqual(['yes', 'no']);
  });

  it('does not ask where the small model is sure of all, nor of no rows', async () => {
    const { asked, predict } = cascadeOf(numbers);
    await predict([[1, 0.2]]);
    expect((await predict([])).get('predict_proba')?.shape).toEqual([0, 2]);
    expect(asked.rows).toEqual([]);
  });

  it('is less sure at a higher temperature', async () => {
    const { predict } = cascadeOf(numbers, { temperature: 2 });
    // softmax(log p / 2) of 0.95 is sqrt(0.95) / (sqrt(0.95) + sqrt(0.05)) = 0.813.
    expect(answerersIn(await predict([[0.95, 0.5]]))).toEqual(['large']);
    expect(answerersIn(await cascadeOf(numbers).predict([[0.95, 0.5]]))).toEqual(['small']);
  });

  it('makes probabilities of logits', async () => {
    const { predict } = cascadeOf(numbers, {}, 'logits');
    const [no, yes] = ((await predict([[0.5, 0.25]])).get('predict_proba') as Tensor).data as Float64Array;
    expect(no).toBeCloseTo(Math.exp(0.75) / (Math.exp(0.75) + Math.exp(0.25)), 12);
    expect(yes).toBeCloseTo(Math.exp(0.25) / (Math.exp(0.75) + Math.exp(0.25)), 12);
  });

  it('tells a number that is too large for the large model by the row of the caller', async () => {
    const { asked, predict } = cascadeOf(numbers);
    await expect(
      predict([
        [1, 0],
        [0.5, 0.1],
        [0.5, -1e39],
      ]),
    ).rejects.toMatchObject({
      status: 422,
      message: 'row 2, feature 1 must be a number within FP32, which the large model of this cascade takes, got -1e+39',
    });
    expect(asked.rows).toEqual([]);
  });

  it('fails where the large model fails, rather than answer what it is not sure of', async () => {
    const { predict } = cascadeOf(numbers);
    await expect(
      predict([
        [1, 0],
        [0.5, Number.NaN],
      ]),
    ).rejects.toThrow('row 1 must be a row that the large model');
    const cascade = {
      threshold: 1,
      temperature: 1,
      large: { order: [0, 1], signature: { inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 1, 2] }] } },
    };
    const broken = { ...largeOf({ rows: [] }), predict: () => Promise.reject(new Error('gone')) };
    const parts = { small: smallOf(numbers), large: broken, labels: numbers, cascade: cascade as unknown as Cascade };
    const rows = new Map([['input', fp64([1, 2], Float64Array.of(0.9, 0))]]);
    await expect(cascadePredictor(parts).predict(rows, signal)).rejects.toThrow('gone');
  });
});
