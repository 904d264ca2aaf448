import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvTable } from '../../../adapters/table/read-csv-table.ts';
import type { TableSource } from '../../../adapters/table/table-source.ts';

/** A file that comes in pieces of these sizes, again and again. */
const inPieces = (text: string, sizes: readonly number[]): TableSource => {
  const bytes = Buffer.from(text);
  return {
    name: 't.csv',
    size: bytes.length,
    async *pieces() {
      // The header comes at once, as from a disk: it tells the delimiter.
      let at = bytes.indexOf('\n') + 1;
      yield bytes.subarray(0, at);
      for (let k = 0; at < bytes.length; k++) {
        const size = sizes[k % sizes.length] as number;
        yield bytes.subarray(at, at + size);
        at += size;
      }
    },
    whole: async () => bytes,
  };
};

const cells = fc.array(
  fc.tuple(
    fc.constantFrom('', 'x', 'ü, "quoted"\r\nä', '👍', 'a""b', ',', ' '),
    fc.constantFrom('', '1', '-2.5', '1e3', '0.1'),
  ),
  { minLength: 1, maxLength: 12 },
);
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

describe('reading CSV piece by piece', () => {
  it('finds the same table wherever the pieces part', () =>
    fc.assert(
      fc.asyncProperty(
        cells,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (records, sizes, lineBreak, endsOpen) => {
          const lines = records.map(([text, number]) => `${quoted(text)},${number},z`);
          const text = `t,n,z\n${lines.join(lineBreak)}${endsOpen ? '' : lineBreak}`;
          const { columns, count } = await readCsvTable(inPieces(text, sizes), { t: 'text' });
          expect(count).toBe(records.length);
          expect(columns[0]?.values).toEqual(records.map(([text]) => (text === '' ? null : text)));
          expect(Array.from(columns[1]?.values as ArrayLike<number>)).toEqual(
            records.map(([, number]) => (number === '' ? Number.NaN : Number(number))),
          );
        },
      ),
      { numRuns: 300 },
    ));

  const rows = (count: number, spoil: (row: number) => string | undefined): string =>
    `a,b,c\n${Array.from({ length: count }, (_, row) => spoil(row) ?? `${row},text ${row % 7},0.5`).join('\n')}\n`;

  it.each<[string, string, string]>([
    ['too few cells', '1,2', 'line 70002 must have as many cells as the header'],
    ['too many cells', '1,2,3,4', 'line 70002 must have as many cells as the header'],
    [
      'an infinite number',
      'Infinity,x,0.5',
      'line 70002, column "a" must be a finite number, or empty, got "Infinity"',
    ],
    ['a text after a quote', '1,"x"y,0.5', 'line 70002 must have nothing between a closing quote'],
    ['half a quote', '1,x"y",0.5', 'line 70002 must have nothing between a delimiter and an opening quote'],
  ])('names the line of %s in the middle of a large file', async (_, line, message) => {
    const text = rows(100_000, (row) => (row === 70_000 ? line : undefined));
    await expect(readCsvTable(inPieces(text, [1 << 16]))).rejects.toThrow(`t.csv ${message}`);
  });

  it('counts line breaks within quotes as lines', async () => {
    const text = rows(3_000, (row) => (row === 10 ? '1,"two\nlines",0.5' : row === 2_000 ? '1,2' : undefined));
    await expect(readCsvTable(inPieces(text, [1 << 12]))).rejects.toThrow('t.csv line 2003 must have as many cells');
  });

  it('names the line with bytes that are no UTF-8', async () => {
    const text = rows(5_000, () => undefined);
    const source = inPieces(text, [1 << 12]);
    const spoilt = Buffer.from(text);
    spoilt[text.split('\n').slice(0, 4_000).join('\n').length + 3] = 0xff;
    const pieces = async function* () {
      for (let at = 0; at < spoilt.length; at += 4_096) yield spoilt.subarray(at, at + 4_096);
    };
    await expect(readCsvTable({ ...source, pieces })).rejects.toThrow('t.csv line 4001 must be UTF-8');
  });

  it('gives up on a quote that never closes, and names its line, without keeping the rest of the file', async () => {
    let given = 0;
    const endless: TableSource = {
      name: 't.csv',
      size: 2 ** 40,
      async *pieces() {
        yield Buffer.from('a,b\n1,2\n3,"4\n');
        for (; given < 1_000; given++) yield Buffer.alloc(1 << 20, 'x');
      },
      whole: () => Promise.reject(new Error('must not be asked for')),
    };
    await expect(readCsvTable(endless)).rejects.toThrow('t.csv line 3 must close its quote');
    expect(given).toBeLessThan(10);
  });
});
