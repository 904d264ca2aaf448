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

/**
 * Resizes as Pillow's `resize(size, BILINEAR)` does, to the bit: a triangle filter as wide as what one output pixel covers,
 * first along rows, then along columns, in fixed point, rounded to bytes after each.
 * https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters
 */
export function resample(image: Pixels, width: number, height: number): Pixels {
  const along = width === image.width ? image : alongRows(image, spans(image.width, width));
  return height === along.height ? along : alongColumns(along, spans(along.height, height));
}

function spans(from: number, to: number): Span[] {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, at) => {
    const center = (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const last = Math.min(from, Math.trunc(center + reach + 0.5));
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
