import type { Comparison } from './compare/differences.ts';
import type { Quality } from './compare/quality.ts';

/** Milliseconds that one row takes. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  /** How often one row was asked. */
  readonly calls: number;
}

/** What a verification has seen of a version before anybody else did. */
export interface Rehearsal {
  /** Absent where a row of zeros, for want of a better one, is nothing that the model takes. */
  readonly latency?: Latency;
  /** Of the process that verified it, with everything in it. */
  readonly peakMemoryMb: number;
  /** The same rows through the version that serves. */
  readonly against?: { readonly version: number } & (Comparison | { readonly why: string });
  /** On the rows of labelled.csv. */
  readonly quality?: Quality;
}
