import { afterEach, describe, expect, it, vi } from 'vitest';
import { batched, type Run } from '../../../../infra/local/endpoint-host/batcher.ts';
import { fp64, type Tensor, type Tensors } from '../../../../models/tensor.ts';

const rows = (...values: number[]): Tensors => new Map([['x', fp64([values.length, 1], Float64Array.from(values))]]);
const valuesOf = (tensors: Tensors): number[] => Array.from((tensors.get('y') as Tensor).data as Float64Array);

/** Doubles each row, and notes the rows of every batch. */
function doubling() {
  const batches: number[][] = [];
  const run: Run = async (inputs) => {
    const { shape, data } = inputs.get('x') as Tensor;
    batches.push(Array.from(data as Float64Array));
    return new Map([
      [
        'y',
        fp64(
          shape,
          (data as Float64Array).map((value) => 2 * value),
        ),
      ],
    ]);
  };
  return { run, batches };
}

describe('a batcher', () => {
  afterEach(() => vi.useRealTimers());

  it('runs callers of the same moment together, and gives each its own rows', async () => {
    const { run, batches } = doubling();
    const ask = batched(run, { rows: 10, delayMs: 5 });
    const answers = await Promise.all([ask(rows(1)), ask(rows(2, 3)), ask(rows(4))]);
    expect(answers.map(valuesOf)).toEqual([[2], [4, 6], [8]]);
    expect(batches).toEqual([[1, 2, 3, 4]]);
  });

  it('refuses inputs of other numbers of rows, which would lie beside the rows of others', async () => {
    const { run, batches } = doubling();
    const ask = batched(run, { rows: 10, delayMs: 5 });
    const uneven = new Map([...rows(1), ['z', fp64([3, 1], Float64Array.of(1, 2, 3))] as const]);
    const answered = ask(new Map([...rows(1, 2, 3), ['z', fp64([1, 1], Float64Array.of(9))] as const]));
    await expect(ask(uneven)).rejects.toMatchObject({ status: 422, message: 'inputs must have as many rows each' });
    await expect(answered).rejects.toMatchObject({ status: 422 });
    expect(batches).toEqual([]);
  });

  it('sets no timer where there is no delay, and still runs together whose requests lay ready together', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { run, batches } = doubling();
    const ask = batched(run, { rows: 10, delayMs: 0 });
    expect((await Promise.all([ask(rows(1)), ask(rows(2))])).map(valuesOf)).toEqual([[2], [4]]);
    expect(batches).toEqual([[1, 2]]);
  });

  it('begins another batch where one is full', async () => {
    const { run, batches } = doubling();
    const ask = batched(run, { rows: 3, delayMs: 5 });
    await Promise.all([ask(rows(1, 2)), ask(rows(3, 4)), ask(rows(5))]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('runs a caller with more rows than a batch has alone', async () => {
    const { run, batches } = doubling();
    const ask = batched(run, { rows: 2, delayMs: 1 });
    expect(valuesOf(await ask(rows(1, 2, 3)))).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('keeps rows of another width or datatype apart', async () => {
    const forms: string[] = [];
    const run: Run = async (inputs) => {
      const x = inputs.get('x') as Tensor;
      forms.push(`${x.datatype} [${x.shape}]`);
      return new Map([['y', x]]);
    };
    const ask = batched(run, { rows: 10, delayMs: 2 });
    const single: Tensors = new Map([['x', { datatype: 'FP32', shape: [1, 1], data: new Float32Array(1) }]]);
    await Promise.all([ask(rows(1)), ask(new Map([['x', fp64([1, 2], new Float64Array(2))]])), ask(single)]);
    expect(forms.sort()).toEqual(['FP32 [1,1]', 'FP64 [1,1]', 'FP64 [1,2]']);
  });

  it('puts texts behind each other too', async () => {
    const text = (value: string): Tensors =>
      new Map([['x', { datatype: 'BYTES', shape: [1], data: [new TextEncoder().encode(value)] }]]);
    const ask = batched(async (inputs) => new Map([['y', inputs.get('x') as Tensor]]), { rows: 10, delayMs: 2 });
    const answers = await Promise.all(['a', 'b'].map((value) => ask(text(value))));
    expect(answers.map((answer) => new TextDecoder().decode(answer.get('y')?.data[0] as Uint8Array))).toEqual([
      'a',
      'b',
    ]);
  });

  it('lets nobody fail for the rows of another', async () => {
    const run: Run = async (inputs) => {
      const { data } = inputs.get('x') as Tensor;
      if ((data as Float64Array).includes(13)) throw new Error('not 13');
      return new Map([['y', inputs.get('x') as Tensor]]);
    };
    const ask = batched(run, { rows: 10, delayMs: 2 });
    const outcomes = await Promise.allSettled([ask(rows(1)), ask(rows(13)), ask(rows(2))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('runs callers one by one where the model does not answer row by row', async () => {
    const mean: Run = async (inputs) => {
      const data = (inputs.get('x') as Tensor).data as Float64Array;
      return new Map([['y', fp64([1], Float64Array.of(data.reduce((sum, value) => sum + value, 0) / data.length))]]);
    };
    const ask = batched(mean, { rows: 10, delayMs: 2 });
    const answers = await Promise.all([ask(rows(1, 3)), ask(rows(10))]);
    expect(answers.map(valuesOf)).toEqual([[2], [10]]);
  });
});
