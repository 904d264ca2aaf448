import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTable } from '../../../adapters/table/read-table.ts';
import { textFile } from '../../models/formats/files.ts';
import { referenceFile } from '../../reference.ts';

const read = async (text: string, stated = {}) => (await parseTable(textFile('t.csv', text), stated)).frame;

const plain = async (text: string, stated = {}) =>
  Object.fromEntries((await read(text, stated)).columns.map(({ name, values }) => [name, [...values]]));

describe('reading CSV', () => {
  it.each<[string, string, Record<string, unknown[]>]>([
    ['numbers and texts', 'a,b\n1,x\n-2.5e3,y\n', { a: [1, -2500], b: ['x', 'y'] }],
    [
      'quotes, with delimiters, quotes and line breaks inside',
      'a,b\n"x,1","say ""hi""\nyou"\n',
      { a: ['x,1'], b: ['say "hi"\nyou'] },
    ],
    ['semicolons', 'a;b\n1;2\n', { a: [1], b: [2] }],
    ['tabs', 'a\tb\n1\t2\n', { a: [1], b: [2] }],
    ['bars', 'a|b\n1|2\n', { a: [1], b: [2] }],
    ['a delimiter inside the quotes of the header', '"a;b;c",d\n1,2\n', { 'a;b;c': [1], d: [2] }],
    ['a byte order mark', '\ufeffa,b\n1,2\n', { a: [1], b: [2] }],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', { a: [1, 3], b: [2, 4] }],
    ['no line break at the end', 'a\n1', { a: [1] }],
    ['empty lines', 'a,b\n\n1,2\n\n', { a: [1], b: [2] }],
    [
      'gaps in numbers',
      'a,b\n,1\nNaN,2\nNA,3\nnull,4\n5,5\n',
      { a: [Number.NaN, Number.NaN, Number.NaN, Number.NaN, 5], b: [1, 2, 3, 4, 5] },
    ],
    ['gaps in texts, where NA is a text', 'a,b\nx,1\n,2\nNA,3\n', { a: ['x', null, 'NA'], b: [1, 2, 3] }],
    ['true and false as texts', 'a\ntrue\nfalse\n', { a: ['true', 'false'] }],
    ['hexadecimals as texts', 'a\n0x1F\n2\n', { a: ['0x1F', '2'] }],
    ['a leading sign or point', 'a\n+1\n.5\n5.\n', { a: [1, 0.5, 5] }],
    ['spaces around numbers and names', ' a , b \n 1 , 2 \n', { a: [1], b: [2] }],
    ['names beyond ASCII', 'größe,年\n1,2\n', { größe: [1], 年: [2] }],
  ])('takes %s', async (_, text, expected) => expect(await plain(text)).toEqual(expected));

  it('reads a column again as text where one shows late', async () => {
    const rows = Array.from({ length: 3_000 }, (_, row) => (row === 2_500 ? 'x' : `0${row}`));
    expect((await plain(`a\n${rows.join('\n')}\n`)).a).toEqual(rows);
  });

  it('keeps to the types that are stated', async () => {
    expect(await plain('zip\n0150\n0250\n', { zip: 'text' })).toEqual({ zip: ['0150', '0250'] });
    await expect(read('a\n1\nx\n', { a: 'number' })).rejects.toThrow(
      't.csv line 3, column "a" must be a finite number',
    );
    await expect(read('a\n1\n', { b: 'text' })).rejects.toThrow('must have every column whose type is stated, got "b"');
  });

  it.each([
    ['nothing', '', 't.csv is empty'],
    ['a header alone', 'a,b\n', 't.csv must hold rows below its header'],
    ['a name twice', 'a,b,a\n1,2,3\n', 't.csv line 1 must name every column once, got "a"'],
    ['a column without a name', 'a,,c\n1,2,3\n', 't.csv line 1 must name every column, but column 2 has none'],
    ['a row too short', 'a,b\n1,2\n3\n', 't.csv line 3 must have as many cells as the header'],
    ['a row too long', 'a,b\n1,2,3\n', 't.csv line 2 must have as many cells as the header'],
    ['a quote that stays open', 'a,b\n"1,2\n', 'must close its quote'],
    ['text after a quote', 'a,b\n"1"x,2\n', 'must have nothing between a closing quote and the next delimiter'],
    ['a quote within a cell', 'a,b\nx"1",2\n', 'must have nothing between a delimiter and an opening quote'],
    ['infinity', 'a\n1\nInfinity\n', 't.csv line 3, column "a" must be a finite number, or empty, got "Infinity"'],
    ['a number too large', 'a\n1\n1e400\n', 't.csv line 3, column "a" must be a finite number, or empty, got "1e400"'],
    ['minus infinity', 'a\n-inf\n', 'line 2, column "a" must be a finite number'],
  ])('refuses %s', async (_, text, message) => expect(read(text)).rejects.toThrow(message));

  it('refuses bytes that are no UTF-8', async () => {
    const bytes = Uint8Array.of(0x61, 0x0a, 0xff, 0x0a);
    await expect(parseTable({ name: 't.csv', bytes })).rejects.toThrow('must be UTF-8');
  });

  it('reads what a writer quotes, whatever is in it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
          { minLength: 1 },
        ),
        async (records) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const lines = records.map(([text, number]) => `${quoted(`t${text}`)},${number}`);
          const { t, n } = await plain(`t,n\n${lines.join('\n')}\n`);
          expect(t).toEqual(records.map(([text]) => `t${text}`));
          // A template writes -0 as 0.
          expect(n).toEqual(records.map(([, number]) => number + 0));
        },
      ),
      { numRuns: 100 },
    ));
});

describe('reading JSON Lines', () => {
  it('takes records, with what is left out as missing', async () =>
    expect(await plain('{"a":1,"b":"x"}\n{"a":null}\n\n{"b":"","c":true}\n')).toEqual({
      a: [1, Number.NaN, Number.NaN],
      b: ['x', null, null],
      c: [null, null, 'true'],
    }));

  it.each([
    ['a list', '{"a":1}\n[2]\n', 't.csv line 2 must be an object'],
    ['what is no JSON', '{"a":1}\n{"a":\n', 't.csv line 2'],
    ['a nested value', '{"a":{"b":1}}\n', 't.csv line 1, column "a" must be a finite number, a text'],
  ])('refuses %s', async (_, text, message) => expect(read(text)).rejects.toThrow(message));
});

describe('reading LIBSVM rows', () => {
  it('takes what a row leaves out for 0', async () =>
    expect(await plain('+1 1:0.5 3:2 # note\n-1 2:1e-1\n')).toEqual({
      x1: [0.5, 0],
      x2: [0, 0.1],
      x3: [2, 0],
      target: [1, -1],
    }));

  it.each([
    ['indices that go down', '1 2:1 1:1\n', 't.csv line 1 must have ascending indices after 2'],
    ['a pair without a value', '1 1:1\n1 2\n', 't.csv line 2 must hold index:value pairs'],
    ['a target that is a text', '1 1:1\nyes 1:1\n', 't.csv line 2 must begin with a target that is a number'],
  ])('refuses %s', async (_, text, message) => expect(read(text)).rejects.toThrow(message));
});

describe('reading Parquet', () => {
  it('takes numbers, texts, booleans, dates and gaps', async () => {
    const { frame, format } = await parseTable(referenceFile('data/table.parquet'));
    expect(format).toBe('parquet');
    expect(Object.fromEntries(frame.columns.map(({ name, values }) => [name, [...values]]))).toEqual({
      price: [1.5, Number.NaN, -2],
      rooms: [3, 4, Number.NaN],
      city: ['Oslo', null, 'Zürich'],
      sold: ['true', 'false', null],
      built: [expect.stringContaining('1999-12-31'), null, expect.stringContaining('2024-02-29')],
    });
  });

  it('refuses what only begins like it', async () =>
    expect(read('PAR1 and no more')).rejects.toThrow('must be Parquet'));
});
