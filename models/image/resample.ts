/** Bytes of so many channels a pixel, row after row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Bits behind the point of a weight. */
const PRECISION = 22;

/** The pixels that an output pixel is made of, and their weights, which sum to 1 << PRECISION. */
interface Span {
  readonly from: number;
  readonly weights: Int32Array;
}

/** What is wanted of one side once it is resized to `of` pixels: `count` of them, the first being `from`. */
export interface Part {
  readonly of: number;
  readonly from: number;
  readonly count: number;
}

export const whole = (of: number): Part => ({ of, from: 0, count: of });

/**
 * Resizes as Pillow's `resize(size, BILINEAR)` does, to the bit: a triangle filter as wide as what one output pixel covers,
 * first along rows, then along columns, in fixed point, rounded to bytes after each. Only what is wanted is computed: the rest
 * of a long image that is made wide would fill any memory.
 * https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters
 */
export function resample(image: Pixels, across: Part, down: Part): Pixels {
  const columns = spans(image.height, down);
  const { strip, first } = stripFor(image, columns);
  const along = isAsItIs(image.width, across) ? strip : alongRows(strip, spans(image.width, across));
  if (isAsItIs(image.height, down)) return along;
  return alongColumns(
    along,
    columns.map(({ from, weights }) => ({ from: from - first, weights })),
  );
}

const isAsItIs = (size: number, { of, count }: Part): boolean => of === size && count === size;

/** The rows of an image that these columns are made of. */
function stripFor(image: Pixels, columns: readonly Span[]): { readonly strip: Pixels; readonly first: number } {
  const { width, channels, data } = image;
  const first = columns[0]?.from ?? 0;
  const { from, weights } = columns.at(-1) as Span;
  const height = from + weights.length - first;
  const line = width * channels;
  return { strip: { ...image, height, data: data.subarray(first * line, (first + height) * line) }, first };
}

function spans(size: number, { of, from: start, count }: Part): Span[] {
  const scale = size / of;
  const reach = Math.max(scale, 1);
  return Array.from({ length: count }, (_, k) => {
    const center = (start + k + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const last = Math.min(size, Math.trunc(center + reach + 0.5));
    const weights = Float64Array.from({ length: last - first }, (__, i) =>
      Math.max(0, 1 - Math.abs((first + i - center + 0.5) / reach)),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return {
      from: first,
      weights: Int32Array.from(weights, (weight) => Math.round((weight / sum) * (1 << PRECISION))),
    };
  });
}

function alongRows({ width, height, channels, data }: Pixels, across: readonly Span[]): Pixels {
  const out = new Uint8Array(across.length * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (const { from, weights } of across) {
      const start = (y * width + from) * channels;
      for (let c = 0; c < channels; c++) out[to++] = weighted(data, start + c, channels, weights);
    }
  }
  return { width: across.length, height, channels, data: out };
}

function alongColumns({ width, channels, data }: Pixels, down: readonly Span[]): Pixels {
  const line = width * channels;
  const out = new Uint8Array(down.length * line);
  let to = 0;
  for (const { from, weights } of down) {
    for (let x = 0; x < line; x++) out[to++] = weighted(data, from * line + x, line, weights);
  }
  return { width, height: down.length, channels, data: out };
}

function weighted(data: Uint8Array, start: number, step: number, weights: Int32Array): number {
  let sum = 1 << (PRECISION - 1);
  for (let i = 0; i < weights.length; i++) sum += (data[start + i * step] as number) * (weights[i] as number);
  return Math.min(255, sum >> PRECISION);
}
