import { describe, expect, it } from 'vitest';
import type { Kernels, ValueBytes } from '../../../models/kernels/kernels.ts';
import { RESERVED, regions } from '../../../models/kernels/regions.ts';
import { twinKernels } from '../../../models/kernels/twin/twin.ts';
import { webAssemblyKernels } from '../../../models/kernels/web-assembly.ts';
import { seeded } from '../../seeded.ts';

/** Values at which arithmetic may go astray. */
const AWKWARD = [0, -0, 5e-324, -2.2e-308, 1e-160, 1e154, -1e300, Infinity, -Infinity, NaN];

const VALUE_BYTES: readonly ValueBytes[] = [4, 8];

interface Call<Name extends string = string> {
  readonly title: string;
  /** Doubles of each region. All hold numbers before the call, those that it writes too. */
  readonly sizes: Readonly<Record<Name, number>>;
  run(kernels: Kernels, at: Readonly<Record<Name, number>>): unknown;
}

const call = <Name extends string>(
  title: string,
  sizes: Readonly<Record<Name, number>>,
  run: (kernels: Kernels, at: Readonly<Record<Name, number>>) => unknown,
): Call => ({ title, sizes, run: run as Call['run'] });

const calls: readonly Call[] = [
  ...[0, 1, 3].flatMap((blocks) =>
    [0, 1, 3, 64].flatMap((width) => {
      const sizes = { vectors: 16 * blocks * width, row: width, out: 16 * blocks };
      return [
        call(`products with ${16 * blocks} vectors of ${width}`, sizes, (k, { vectors, row, out }) =>
          k.products(vectors, blocks, width, row, out),
        ),
        call(`distances from ${16 * blocks} vectors of ${width}`, sizes, (k, { vectors, row, out }) =>
          k.distances(vectors, blocks, width, row, out),
        ),
      ];
    }),
  ),
  ...[0, 2, 326].map((count) =>
    call(`${count} exponentials`, { values: count }, (k, { values }) => {
      const doubles = new Float64Array(k.memory, values, count);
      for (const [i, value] of doubles.entries()) doubles[i] = 300 * Math.abs(value);
      k.exponentials(values, count, -1.3);
    }),
  ),
  ...[0, 1, 3, 100].map((degree) =>
    call(`powers of degree ${degree}`, { values: 34 }, (k, { values }) => k.powers(values, 34, 0.7, 0.5, degree)),
  ),
  ...[0, 1, 7, 651].flatMap((count) =>
    [2, 10].map((lines) =>
      call(
        `${lines} weighted sums of ${count}`,
        { values: count, weights: count * lines, out: lines },
        (k, { values, weights, out }) => k.weightedSums(values, count, weights, lines, out),
      ),
    ),
  ),
  ...[
    [0, 3],
    [1, 1],
    [9, 4],
    [16, 5],
  ].map(([rows = 0, columns = 0]) =>
    call(
      `${rows} by ${columns} transposed`,
      { from: rows * columns, into: columns * (rows + 1) },
      (k, { from, into }) => k.transpose(from, rows, columns, into, rows + 1),
    ),
  ),
  ...[0, 8, 656].map((count) =>
    call(`an inner product of ${count}`, { left: count, right: count }, (k, { left, right }) =>
      k.dot(left, right, count),
    ),
  ),
  ...[0, 1, 5].flatMap((rows) =>
    [1, 2, 3, 4, 9].map((width) =>
      call(
        `${rows} rows of ${width}, packed`,
        { from: rows * width, shift: width, scales: rows, into: rows * (width + 3) },
        (k, { from, shift, scales, into }) => k.pack(from, rows, width, shift, scales, into, width + 3),
      ),
    ),
  ),
  ...([0, 1] as const).flatMap((upper) =>
    [0, 1, 5].flatMap((rows) =>
      [
        [4, 4],
        [12, 8],
        [8, 12],
      ].map(([left, right]) =>
        call(
          `cross products of ${rows} rows, ${left} by ${right}${upper ? ', upper triangle' : ''}`,
          { left: rows * left, right: rows * right, into: left * right },
          (k, at) => k.addCrossProducts(at.left, left, at.right, right, rows, at.into, upper),
        ),
      ),
    ),
  ),
  ...['linear', 'rbf', 'poly'].flatMap((name, type) =>
    [0, 1, 65].flatMap((blocks) =>
      [1, 6].flatMap((width) => {
        const sizes = {
          blocks: 16 * (blocks + 1) * width,
          kernel: 4,
          scratch: width + 1 + 1024,
          values: 16 * blocks,
          sums: 16 * blocks,
        };
        const describe = ({ memory }: Kernels, kernel: number): void =>
          new Float64Array(memory, kernel).set([type, 0.3, 0.5, 3]);
        return [
          call(`a column of ${16 * blocks} values, ${name}, of vectors of ${width}`, sizes, (k, at) => {
            describe(k, at.kernel);
            k.column(at.blocks + 8 * 5, at.blocks, blocks, width, at.kernel, at.scratch, 0.25, at.values);
          }),
          call(`a column of ${16 * blocks} values in float32, ${name}, of vectors of ${width}`, sizes, (k, at) => {
            describe(k, at.kernel);
            const floats = new Float32Array(k.memory, at.blocks, 16 * (blocks + 1) * width);
            // What lies there, infinities among it; of what is not a number, the bits may differ.
            floats.set(new Float64Array(k.memory, at.blocks, floats.length).map((value) => value || 0));
            k.floatColumn(at.blocks + 4 * 5, at.blocks, blocks, width, at.kernel, at.scratch, at.values);
            for (const [i, value] of new Float32Array(k.memory, at.values, 16 * blocks).entries()) {
              if (Number.isNaN(value)) new Float32Array(k.memory, at.values)[i] = 0;
            }
          }),
          call(`a column added to ${16 * blocks} sums, ${name}, of vectors of ${width}`, sizes, (k, at) => {
            describe(k, at.kernel);
            k.addColumn(at.blocks + 8 * 5, at.blocks, blocks, width, at.kernel, at.scratch, -1.5, at.sums);
          }),
        ];
      }),
    ),
  ),
  ...[0, 16, 272, 1040].flatMap((count) =>
    [0, 1 / 3, 1].flatMap((share) =>
      VALUE_BYTES.flatMap((size) => {
        const sizes = { slopes: count, left: count, right: count, barrier: count, diagonal: count, result: 3 };
        const what = `${count} variables, values of ${size} bytes, a share of ${share.toFixed(2)} of them barred`;
        const prepare = ({ memory }: Kernels, at: Readonly<Record<keyof typeof sizes, number>>, bar: number): void => {
          const [barrier, next] = [new Float64Array(memory, at.barrier, count), seeded(5)];
          for (const t of barrier.keys()) barrier[t] = next() < share ? bar : 0;
          for (const column of [at.left, at.right]) {
            const values =
              size === 4 ? new Float32Array(memory, column, count) : new Float64Array(memory, column, count);
            // Few different values, so that some are equal.
            for (const t of values.keys()) values[t] = Math.floor(8 * next()) / 8;
          }
        };
        return [
          call(`descent of ${what}`, sizes, (k, at) => {
            prepare(k, at, Number.POSITIVE_INFINITY);
            k.descend(at.slopes, at.left, at.right, 0.7, at.barrier, count, at.result, size);
          }),
          call(`a partner among ${what}`, sizes, (k, at) => {
            prepare(k, at, Number.NEGATIVE_INFINITY);
            k.partner(at.slopes, at.barrier, -1, at.diagonal, at.left, 1, count, at.result, size);
          }),
        ];
      }),
    ),
  ),
];

/** Kernels of linear models. */
const linear: readonly Call[] = [
  ...[0, 4, 68].flatMap((count) =>
    [4, 12].flatMap((stride) =>
      [1, 2, 3].flatMap((lines) => {
        const what = `${lines} by ${count} rows of ${stride}`;
        const sizes = { rows: count * stride, vectors: lines * stride, each: lines * count };
        return [
          call(`row products, ${what}`, sizes, (k, { rows, vectors, each }) =>
            k.rowProducts(rows, count, stride, vectors, lines, each),
          ),
          call(`row sums, ${what}`, sizes, (k, { rows, vectors, each }) =>
            k.addRowSums(rows, count, stride, each, lines, vectors),
          ),
        ];
      }),
    ),
  ),
  ...[0, 2, 326].flatMap((count) => {
    const name = (k: Kernels, at: number, classes: number): void => {
      const [doubles, next] = [new Float64Array(k.memory, at, count), seeded(5)];
      for (const i of doubles.keys()) doubles[i] = Math.floor(classes * next());
    };
    const sizes = (lines: number) => ({
      logits: lines * count,
      classes: count,
      weights: count,
      probabilities: lines * count,
      residuals: lines * count,
    });
    return [
      call(`losses of ${count} rows of two classes`, sizes(1), (k, at) => {
        name(k, at.classes, 2);
        return k.binaryLosses(at.logits, count, at.classes, at.weights, at.probabilities, at.residuals);
      }),
      ...[2, 3, 5].map((lines) =>
        call(`losses of ${count} rows of ${lines} classes`, sizes(lines), (k, at) => {
          name(k, at.classes, lines);
          // Some logits are equal, and some far apart.
          const logits = new Float64Array(k.memory, at.logits, lines * count);
          for (const [i, z] of logits.entries()) logits[i] = i % 7 === 0 ? Math.round(z) : i % 11 === 0 ? 300 * z : z;
          return k.softmaxLosses(at.logits, count, lines, at.classes, at.weights, at.probabilities, at.residuals);
        }),
      ),
    ];
  }),
  ...[0, 4, 12, 28].flatMap((n) =>
    [0, 10 * n].map((diagonal) =>
      call(`factors of ${n} by ${n} with ${diagonal} on the diagonal`, { A: n * n }, (k, { A }) => {
        const doubles = new Float64Array(k.memory, A, n * n);
        for (let i = 0; i < n; i++) doubles[i * n + i] = (doubles[i * n + i] as number) + diagonal;
        return k.factorize(A, n);
      }),
    ),
  ),
];

/** What the memory is after the call, and what the call answered. NaN is NaN, whatever its bits. */
function outcome(open: (bytes: number) => Kernels, { sizes, run }: Call, awkward: boolean) {
  const bytes = Object.fromEntries(Object.entries(sizes).map(([name, count]) => [name, 8 * count]));
  const plan = regions(bytes);
  const kernels = open(plan.bytes);
  const next = seeded(7);
  const doubles = new Float64Array(kernels.memory, RESERVED, (plan.bytes - RESERVED) / 8);
  for (const i of doubles.keys()) {
    doubles[i] = awkward && next() < 0.1 ? (AWKWARD[Math.floor(next() * AWKWARD.length)] as number) : 4 * next() - 2;
  }
  const answer = run(kernels, plan.at);
  return { answer, memory: Array.from(doubles) };
}

describe('each kernel in WebAssembly and its twin leave the same bits', () => {
  it.each([...calls, ...linear])('$title', (one) => {
    for (const awkward of [false, true]) {
      const [native, plain] = [webAssemblyKernels, twinKernels].map((open) => outcome(open, one, awkward));
      expect(native).toEqual(plain);
    }
  });
});
