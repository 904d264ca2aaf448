import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Datatype } from '../../models/datatype.ts';
import { arrays } from '../../models/datatype.ts';
import { UnfitInput } from '../../models/errors.ts';
import type { Predictor } from '../../models/predictor.ts';
import { elementCount, fp64, type Tensor, type Tensors } from '../../models/tensor.ts';

export interface PredictorUnderTest {
  open(): Predictor | Promise<Predictor>;
  /** At least three rows of small integers that the predictor tells apart. */
  readonly rows: readonly (readonly number[])[];
  /** Why NaN is no error here, where it is none. */
  readonly takesMissing?: string;
}

/** What every predictor with one FP64 input `[-1, n]` does. */
export function predictorContract(name: string, { open, rows, takesMissing }: PredictorUnderTest): void {
  const width = rows[0]?.length ?? 0;
  const { signal } = new AbortController();

  describe(`the predictor contract: ${name}`, () => {
    let predictor: Predictor;
    const predict = (table: readonly (readonly number[])[]) => predictor.predict(inputOf(table, width), signal);
    const given = (tensor: Tensor) => predictor.predict(new Map([['input', tensor]]), signal);

    beforeAll(async () => {
      predictor = await open();
    });
    afterAll(() => predictor.close());

    it('states one FP64 input of its width', () => {
      expect(predictor.signature.inputs).toEqual([{ name: 'input', datatype: 'FP64', shape: [-1, width] }]);
    });

    it('answers exactly the outputs that its signature names, as it declares them, row for row', async () => {
      const answered = await predict(rows);
      expect([...answered.keys()]).toEqual(predictor.signature.outputs.map((spec) => spec.name));
      for (const { name, datatype, shape } of predictor.signature.outputs) {
        const tensor = answered.get(name) as Tensor;
        expect(tensor.datatype).toBe(datatype);
        expect(tensor.shape).toEqual(shape.map((size) => (size === -1 ? rows.length : size)));
        expect(tensor.data.length).toBe(elementCount(tensor.shape));
      }
    });

    it('tells the sample rows apart', async () => {
      const answers = await Promise.all(rows.map(async (row) => Object.values(plain(await predict([row]))).join()));
      expect(new Set(answers).size).toBeGreaterThan(1);
    });

    it('answers a batch as it answers its rows one by one', async () => {
      const single = await Promise.all(rows.map((row) => predict([row])));
      const batch = plain(await predict(rows));
      for (const [output, values] of Object.entries(batch)) {
        expect(values).toEqual(single.flatMap((answer) => plain(answer)[output] ?? []));
      }
    });

    it('answers no rows with no rows', async () => {
      const answered = await predict([]);
      for (const { name, shape } of predictor.signature.outputs) {
        expect(answered.get(name)?.shape).toEqual(shape.map((size) => (size === -1 ? 0 : size)));
        expect(answered.get(name)?.data.length).toBe(0);
      }
    });

    it('answers the same twice', async () => {
      expect(plain(await predict(rows))).toEqual(plain(await predict(rows)));
    });

    it('leaves its inputs as they were', async () => {
      const inputs = inputOf(rows, width);
      await predictor.predict(inputs, signal);
      expect(inputs).toEqual(inputOf(rows, width));
    });

    it('keeps what it has answered as it was', async () => {
      const first = await predict(rows);
      const before = plain(first);
      await predict(rows.toReversed());
      expect(plain(first)).toEqual(before);
    });

    it('does not mix the rows of concurrent calls', async () => {
      const alone = await Promise.all(rows.map((row) => predict([row])));
      const together = await Promise.all(Array.from({ length: 60 }, (_, i) => predict([rows[i % rows.length] ?? []])));
      for (const [i, answer] of together.entries()) {
        expect(plain(answer)).toEqual(plain(alone[i % rows.length] as Tensors));
      }
    });

    it.each<Exclude<Datatype, 'BYTES' | 'BOOL' | 'FP64'>>([
      'INT8',
      'INT16',
      'INT32',
      'INT64',
      'UINT8',
      'UINT16',
      'UINT32',
      'UINT64',
      'FP16',
      'FP32',
    ])('takes %s values, which fit exactly', async (datatype) => {
      const positive = rows.map((row) => row.map(Math.abs));
      const data = new arrays[datatype](rows.length * width);
      const wide = typeof data[0] === 'bigint';
      for (const [i, value] of positive.flat().entries()) data[i] = wide ? BigInt(value) : value;
      const tensor = { datatype, shape: [rows.length, width], data } as Tensor;
      expect(plain(await given(tensor))).toEqual(plain(await predict(positive)));
    });

    it('refuses an INT64 that no double can hold', async () => {
      const data = new BigInt64Array(width).fill(2n ** 53n + 1n);
      await expect(given({ datatype: 'INT64', shape: [1, width], data })).rejects.toThrow(UnfitInput);
    });

    it.each([
      ['a row too wide', [1, width + 1]],
      ['a row too narrow', [1, width - 1]],
      ['one dimension', [width]],
      ['three dimensions', [1, 1, width]],
    ])('refuses %s', async (_, shape) => {
      await expect(given(fp64(shape, new Float64Array(elementCount(shape))))).rejects.toThrow(UnfitInput);
    });

    it('refuses text and truth values', async () => {
      const text = { datatype: 'BYTES', shape: [1, width], data: Array(width).fill(new Uint8Array()) } as const;
      const truth = { datatype: 'BOOL', shape: [1, width], data: new Uint8Array(width) } as const;
      await expect(given(text)).rejects.toThrow(UnfitInput);
      await expect(given(truth)).rejects.toThrow(UnfitInput);
    });

    it.for([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', async (value, { skip }) => {
      skip(takesMissing !== undefined && Number.isNaN(value), takesMissing);
      const table = [...rows, (rows[0] ?? []).with(-1, value)];
      await expect(predict(table)).rejects.toThrow(UnfitInput);
      await expect(predict(table)).rejects.toThrow(`row ${rows.length}, feature`);
    });

    it('refuses an input that it does not have, and the lack of the one that it has', async () => {
      const stray = new Map([...inputOf(rows, width), ['weight', fp64([1], new Float64Array(1))]]);
      await expect(predictor.predict(stray, signal)).rejects.toThrow(UnfitInput);
      await expect(predictor.predict(new Map(), signal)).rejects.toThrow(UnfitInput);
    });

    it('rejects with the reason of a signal that was aborted', async () => {
      const reason = new Error('the caller went away');
      await expect(predictor.predict(inputOf(rows, width), AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}

const inputOf = (table: readonly (readonly number[])[], width: number): Tensors =>
  new Map([['input', fp64([table.length, width], Float64Array.from(table.flat()))]]);

const plain = (tensors: Tensors): Record<string, unknown[]> =>
  Object.fromEntries(Array.from(tensors, ([name, { data }]) => [name, Array.from(data as ArrayLike<unknown>)]));
