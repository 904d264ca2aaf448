import { describe, expect, it } from 'vitest';
import { numericColumn, numericRows, readCsv } from '../../../adapters/table/csv.ts';
import { refusalOf, textFile } from '../../models/formats/files.ts';

const read = (text: string) => readCsv(textFile('t.csv', text));

describe('a CSV table', () => {
  it('has columns and records, with quotes, line ends and a byte order mark read as they are meant', () => {
    const { columns, records } = read('\ufeffname,age\r\n"Åse, ""the tall""",42\r\n"two\nlines",\r\n');
    expect(columns).toEqual(['name', 'age']);
    expect(records.map(({ cells }) => cells)).toEqual([
      ['Åse, "the tall"', '42'],
      ['two\nlines', ''],
    ]);
  });

  it('gives columns as numbers, in the order asked for', () => {
    const table = read('a,b,c\n1,2,3\n-4,5e-1,.25\n');
    expect(numericRows(table, ['c', 'a'])).toEqual({ count: 2, width: 2, values: Float64Array.of(3, 1, 0.25, -4) });
    expect(numericColumn(table, 'b')).toEqual(Float64Array.of(2, 0.5));
  });

  it.each([
    ['1,x', 't.csv line 2, column "b" must be a finite number, got "x"'],
    ['1,', 't.csv line 2, column "b" must be a finite number, got ""'],
    ['1,2\n3, ', 't.csv line 3, column "b" must be a finite number'],
    ['1,NaN', 't.csv line 2, column "b" must be a finite number'],
    ['1,Infinity', 't.csv line 2, column "b" must be a finite number'],
    ['1,1e999', 't.csv line 2, column "b" must be a finite number'],
    ['1,0x10', 't.csv line 2, column "b" must be a finite number'],
    ['"1\n2",5\n1,y', 't.csv line 3, column "a" must be a finite number'],
  ])('names line and column of what is no number in %j', (text, message) => {
    expect(refusalOf(() => numericRows(read(`a,b\n${text}\n`), ['a', 'b']))).toContain(message);
  });

  it('says which columns there are', () => {
    expect(refusalOf(() => numericColumn(read('a,b\n1,2\n'), 'c'))).toBe(
      't.csv must have a column "c"; it has "a", "b"',
    );
  });

  it.each([
    ['', 't.csv must begin with a header line'],
    ['a,a\n1,2', 't.csv line 1 must name every column once, got "a"'],
    ['a,b\n1,2\n3', 't.csv line 3 must have as many cells as the header'],
    ['a,b\n1,2,3', 't.csv line 2 must have as many cells as the header'],
    ['a,b\n"1,2', 'must close its quote'],
    ['a,b\n"1"2,3', 'must have nothing between a closing quote and the next comma'],
  ])('refuses %j', (text, message) => expect(refusalOf(() => read(text))).toContain(message));
});
