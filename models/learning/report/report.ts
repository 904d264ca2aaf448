/** 95 %, from and to. */
export type Interval = readonly [low: number, high: number];

export interface ReportMetric {
  readonly test: number | null;
  readonly train: number | null;
  readonly baseline: number | null;
  /** Of test. */
  readonly interval?: Interval;
  /** Why there is no test figure. */
  readonly why?: string;
}

/** The model against guessing, by the primary metric; positive is better than guessing. */
export interface AgainstGuessing {
  readonly difference: number;
  readonly interval: Interval;
  /** Whether the interval excludes 0 on the better side. */
  readonly beats: boolean;
  readonly words: string;
}

export interface Slice {
  readonly column: string;
  readonly value: string;
  readonly count: number;
  readonly metric: string;
  readonly score: number | null;
  readonly interval?: Interval;
  readonly why?: string;
}

/** A sign that the test rows were no secret to the model, in words. */
export interface Leak {
  readonly rule: 'identical-rows' | 'telling-column' | 'id-like' | 'date-at-random' | 'group-on-both-sides';
  readonly column?: string;
  readonly words: string;
}

export interface Importance {
  readonly feature: string;
  /** Mean worsening of the primary metric over ten shuffles of the column, on test rows. */
  readonly drop: number;
  readonly deviation: number;
  /** Columns that go with it: what one loses the others may make up for. */
  readonly correlated?: readonly string[];
}

export type Point = readonly [x: number, y: number];

/** One class against the rest. */
export interface Curves {
  readonly label: string | number;
  /** False positive rate and true positive rate. */
  readonly roc: readonly Point[];
  /** Recall and precision. */
  readonly pr: readonly Point[];
  readonly calibration: readonly { readonly predicted: number; readonly observed: number; readonly count: number }[];
}

/** All that is known of how good a model is. The page shows it; `--report x.json` writes it. */
export interface Report {
  readonly schema: 1;
  readonly kind: string;
  readonly task: 'regression' | 'classification';
  readonly target: string;
  readonly labels?: readonly (string | number)[];
  readonly data: { readonly name: string; readonly sha256: string; readonly rows: number };
  readonly split: string;
  readonly seed: number;
  readonly rows: { readonly train: number; readonly test: number };
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** By which models are held against each other. */
  readonly primary: 'rmse' | 'logloss' | 'accuracy';
  readonly metrics: Readonly<Record<string, ReportMetric>>;
  readonly baseline: AgainstGuessing;
  readonly slices: readonly Slice[];
  readonly leaks: readonly Leak[];
  readonly importance: readonly Importance[];
  /** Rows that each class of the truth was taken for: `confusion[truth][predicted]`. */
  readonly confusion?: readonly (readonly number[])[];
  readonly curves?: readonly Curves[];
  readonly residuals?: readonly { readonly truth: number; readonly predicted: number }[];
  readonly search?: {
    readonly metric: string;
    readonly folds: number;
    readonly trials: readonly unknown[];
  };
  /** Of gradient descent, one an iteration. */
  readonly losses?: readonly number[];
}
