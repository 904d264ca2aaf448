import type { ModelFile } from '../../models/formats/format.ts';
import type { Frame } from '../../models/frame.ts';
import { TableRefused } from './table-refused.ts';

const PAIR = /^(\d+):([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;
const MAX_CELLS = 2 ** 27;

/**
 * LIBSVM's `target index:value ...`, indices ascending from 1; what a row leaves out is 0. The columns are `x1`, `x2`
 * and so on, and `target`.
 * @throws TableRefused naming the line, or where the dense table would not fit into 1 GB
 */
export function readLibsvmTable({ name, bytes }: ModelFile): Frame {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n/);
  const rows = lines.flatMap((line, i) => (line.trim() === '' ? [] : [readRow(line, `${name} line ${i + 1}`)]));
  if (rows.length === 0) throw new TableRefused({ where: name, rule: 'must hold rows' });
  const width = rows.reduce((widest, { pairs }) => Math.max(widest, pairs.at(-1)?.[0] ?? 0), 0);
  if (rows.length * width > MAX_CELLS) {
    throw new TableRefused({
      where: name,
      rule: `must have at most ${MAX_CELLS} cells once dense`,
      found: rows.length * width,
    });
  }
  const columns = Array.from({ length: width }, () => new Float64Array(rows.length));
  for (const [row, { pairs }] of rows.entries()) {
    for (const [index, value] of pairs) (columns[index - 1] as Float64Array)[row] = value;
  }
  const target = Float64Array.from(rows, ({ target }) => target);
  return {
    count: rows.length,
    columns: [
      ...columns.map((values, k) => ({ name: `x${k + 1}`, type: 'number' as const, values })),
      { name: 'target', type: 'number', values: target },
    ],
  };
}

interface SparseRow {
  readonly target: number;
  readonly pairs: readonly (readonly [index: number, value: number])[];
}

function readRow(line: string, where: string): SparseRow {
  const [label = '', ...tokens] = line.replace(/#.*/, '').trim().split(/\s+/);
  const target = Number(label);
  if (label === '' || !Number.isFinite(target)) {
    throw new TableRefused({ where, rule: 'must begin with a target that is a number', found: label });
  }
  let last = 0;
  const pairs = tokens.map((token) => {
    const [, index, value] = PAIR.exec(token) ?? [];
    if (index === undefined || !Number.isFinite(Number(value))) {
      throw new TableRefused({ where, rule: 'must hold index:value pairs', found: token });
    }
    if (Number(index) <= last)
      throw new TableRefused({ where, rule: `must have ascending indices after ${last}`, found: token });
    last = Number(index);
    return [last, Number(value)] as const;
  });
  return { target, pairs };
}
