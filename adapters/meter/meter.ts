/** One prediction, as it is counted. No value of it. */
export interface Observation {
  readonly model: string;
  readonly version: number;
  readonly channel: string;
  readonly tenant: string;
  readonly status: number;
  readonly rows: number;
  /** Milliseconds from the event to the answer. */
  readonly duration: number;
}

export interface Stats {
  readonly success: { readonly count: number; readonly ns: number };
  readonly fail: { readonly count: number; readonly ns: number };
  readonly rows: number;
  readonly lastInference: number;
}

/** Counts predictions. An observer: what goes wrong in it never reaches a caller. */
export interface Meter {
  record(observation: Observation): void;
  stats(model: string, version: number): Stats;
}
