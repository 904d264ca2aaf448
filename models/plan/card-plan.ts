import type { Manifest } from '../manifest.ts';
import { type Demand, type Option, planServing, type Work } from './plan.ts';
import { usEast1 } from './prices.ts';
import { typicalRates } from './rates.ts';

/** What a card reckons with, since nobody has said more. */
const ONE_A_SECOND: Demand = { requestsPerSecond: 1, rowsPerRequest: 1, p99Ms: 1_000 };

const BYTES_A_NUMBER = 8;

/** An ONNX graph says what it takes; of other models every number of the file is used about once. */
export const workOf = (modelBytes: number, multiplyAdds: number | undefined): Work => ({
  multiplyAdds: multiplyAdds ?? Math.ceil(modelBytes / BYTES_A_NUMBER),
  modelBytes,
});

/** Where a version would run at one row a second, how fast, at what cost a month: of a cascade, its large model. */
export interface CardPlan {
  readonly demand: Demand;
  readonly options: readonly Omit<Option, 'perRequest' | 'fixed'>[];
  /** Requests a second from which an endpoint costs less; absent where it never does. */
  readonly breakEven?: number;
  readonly region: string;
  readonly asOf: string;
}

export function cardPlan({ blobs, onnx, cascade }: Pick<Manifest, 'blobs' | 'onnx' | 'cascade'>): CardPlan {
  const large = cascade?.large ?? { file: blobs[0]?.file, onnx };
  const files = [large.file, ...(large.onnx?.siblings ?? [])];
  const bytes = blobs.filter(({ file }) => files.includes(file)).reduce((sum, blob) => sum + blob.bytes, 0);
  const work = workOf(bytes, large.onnx?.multiplyAdds);
  const { options, breakEven } = planServing(work, ONE_A_SECOND, usEast1, typicalRates);
  return {
    demand: ONE_A_SECOND,
    options: options.map(({ perRequest: _, fixed: __, ...option }) => option),
    ...(breakEven !== undefined && { breakEven }),
    region: usEast1.region,
    asOf: usEast1.asOf,
  };
}
