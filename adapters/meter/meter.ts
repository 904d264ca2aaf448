/** A canary's trial, and the side of it that a request fell on. */
export interface Trial {
  readonly side: 'stable' | 'canary';
  /** When the canary was opened: it tells trials of one model apart. */
  readonly since: string;
  /** In [0, 1): stands for a caller that stays with its version. */
  readonly caller?: number;
}

/** A prediction that begins. */
export interface Attempt {
  readonly model: string;
  readonly version: number;
  readonly trial: Trial;
}

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
  /** Where a canary was open, and this request was one of those that it is judged by. */
  readonly trial?: Trial;
}

export interface Stats {
  readonly success: { readonly count: number; readonly ns: number };
  readonly fail: { readonly count: number; readonly ns: number };
  readonly rows: number;
  readonly lastInference: number;
}

/** Counts predictions. An observer: what goes wrong in it never reaches a caller. */
export interface Meter {
  /** Before a prediction, while a canary is open: one that kills its process must be counted too. */
  attempt(attempt: Attempt): void;
  record(observation: Observation): void;
  stats(model: string, version: number): Stats;
}
