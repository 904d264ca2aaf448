import { describe, expect, it } from 'vitest';
import { csvTable } from '../../../apps/cli/csv-table.ts';
import { inputIn } from '../../../apps/cli/input.ts';

describe('inputIn', () => {
  it.each([
    [
      'rows',
      '[[1, 2], [3, 4]]',
      {
        form: 'rows',
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'rows over many lines',
      '[\n [1, 2],\n [3, 4]\n]\n',
      {
        form: 'rows',
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['one record', '{"age": 42}', { form: 'rows', rows: [{ age: 42 }] }],
    ['JSON Lines of records', '{"age": 42}\n{"age": 7}\n', { form: 'rows', rows: [{ age: 42 }, { age: 7 }] }],
    [
      'JSON Lines of arrays',
      '[1, 2]\n[3, 4]',
      {
        form: 'rows',
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['a V1 body', '{"instances": [[1]]}', { form: 'body', body: { instances: [[1]] } }],
    ['an MLflow body', '{"dataframe_records": []}', { form: 'body', body: { dataframe_records: [] } }],
    ['columns', '{"inputs": {"x": [1]}}', { form: 'body', body: { inputs: { x: [1] } } }],
    ['a v2 body', '{"inputs": [{"datatype": "FP64"}]}', { form: 'v2', body: { inputs: [{ datatype: 'FP64' }] } }],
    ['CSV', 'x,y\n1,2\n', { form: 'csv', text: 'x,y\n1,2\n' }],
    ['CSV without a header', '1,2\n', { form: 'csv', text: '1,2\n' }],
  ])('tells %s', (_, text, input) => {
    expect(inputIn(text, 'stdin')).toEqual(input);
  });

  it('takes a file of JSON Lines at its name, also of one line', () => {
    expect(inputIn('[1, 2]\n', 'rows.jsonl')).toEqual({ form: 'rows', rows: [[1, 2]] });
  });

  it('names the place of a fault', () => {
    expect(() => inputIn('[1, 2', 'rows.json')).toThrow(/^rows\.json.* must be JSON/);
    expect(() => inputIn('[1]\n[2', 'rows.jsonl')).toThrow(/^rows\.jsonl row 2/);
    expect(() => inputIn('{"a": 1, "a": 2}', 'rows.json')).toThrow('must not be stated twice');
    expect(() => inputIn(' \n', 'stdin')).toThrow('stdin must hold rows; it is empty');
  });
});

describe('csvTable', () => {
  it('takes a first row with text for the header', () => {
    expect(csvTable('x,"y, z"\n1,2\n3,\n')).toEqual({
      columns: ['x', 'y, z'],
      data: [
        [1, 2],
        [3, null],
      ],
    });
  });

  it('takes a first row of numbers for a row', () => {
    expect(csvTable('1,2e3\n-0.5,4')).toEqual({
      data: [
        [1, 2000],
        [-0.5, 4],
      ],
    });
  });

  it('names the line of a fault', () => {
    expect(() => csvTable('x,y\n1,2\n3\n')).toThrow(/CSV can't be read: .*line 3/);
  });
});
