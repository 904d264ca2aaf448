import type { Intake } from './features.ts';
import type { Frame } from './frame.ts';
import { INPUT } from './native.ts';
import { fp64, type Tensor, type Tensors } from './tensor.ts';

const utf8 = new TextEncoder();

/** The features of a table as the tensors that a native model takes: its columns, in the model's order. */
export function tensorsOfFrame({ count, columns }: Frame, { types }: Pick<Intake, 'types'>): Tensors {
  if (types === undefined) {
    const values = new Float64Array(count * columns.length);
    for (const [k, column] of columns.entries()) {
      for (let row = 0; row < count; row++) values[row * columns.length + k] = column.values[row] as number;
    }
    return new Map([[INPUT, fp64([count, columns.length], values)]]);
  }
  return new Map(
    columns.map((column): [string, Tensor] => [
      column.name,
      column.type === 'number'
        ? fp64([count], column.values)
        : { datatype: 'BYTES', shape: [count], data: column.values.map((text) => utf8.encode(text ?? '')) },
    ]),
  );
}
