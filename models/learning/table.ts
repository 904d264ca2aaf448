import type { Frame } from '../frame.ts';

/** A table as it was read, before anybody says which of its columns is the target. */
export interface Table {
  readonly name: string;
  readonly format: 'csv' | 'jsonl' | 'libsvm' | 'parquet';
  /** Of its bytes. */
  readonly sha256: string;
  readonly frame: Frame;
}
