import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { oneLine, printTable } from '../../../apps/cli/output.ts';

it('aligns the columns of a table, and trails no blanks', () => {
  const out = new PassThrough();
  printTable(
    out,
    ['A', 'BB', 'C'],
    [
      ['long', 1, undefined],
      ['x', 22, 'end'],
    ],
  );
  expect(String(out.read())).toBe('A     BB  C\nlong  1\nx     22  end\n');
});

it('takes out what a terminal would obey', () => {
  expect(oneLine('red \u001b[31m\nand\u0007 \u009bmore\n')).toBe('red  [31m and   more');
});
