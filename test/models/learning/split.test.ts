import { describe, expect, it } from 'vitest';
import { range, readIndices, selectClasses, selectRows, selectTargets } from '../../../models/learning/split.ts';
import { TrainingRefused } from '../../../models/learning/training-refused.ts';
import { rowsOf } from '../../rows.ts';
import { textFile } from '../formats/files.ts';

const read = (text: string) => Array.from(readIndices(textFile('test.idx', text), 10));

describe('an index file', () => {
  it('lists rows, whose order it keeps', () => {
    expect(read('3\n0\n9\n')).toEqual([3, 0, 9]);
    expect(read('3\r\n0')).toEqual([3, 0]);
  });

  it.each([
    ['1\n10\n', 'test.idx line 2 must be a row from 0 to 9, got "10"'],
    ['-1\n', 'test.idx line 1 must be a row from 0 to 9, got "-1"'],
    ['1\n\n2', 'test.idx line 2 must be a row from 0 to 9, got ""'],
    ['1.5', 'test.idx line 1'],
    ['', 'test.idx line 1'],
  ])('is refused: %j', (text, message) => {
    expect(() => read(text)).toThrow(TrainingRefused);
    expect(() => read(text)).toThrow(message);
  });
});

describe('a selection', () => {
  it('copies rows and targets in the order of the indices', () => {
    const indices = Int32Array.of(2, 0);
    expect(selectRows(rowsOf([[1, 2], [3, 4], [5, 6]]), indices)).toEqual(rowsOf([[5, 6], [1, 2]])); // biome-ignore format: tables
    expect(selectTargets(Float64Array.of(0.5, 1, 2), indices)).toEqual(Float64Array.of(2, 0.5));
    expect(selectClasses(Int32Array.of(7, 8, 9), indices)).toEqual(Int32Array.of(9, 7));
    expect(range(2, 5)).toEqual(Int32Array.of(2, 3, 4));
  });
});
