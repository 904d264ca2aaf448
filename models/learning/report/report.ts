import type { Trial } from '../search.ts';

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
  /** Absent where there are too few rows, or groups of them, to draw from. */
  readonly interval?: Interval;
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

/** When a classifier of two says yes, and what other thresholds would have cost on the test rows. */
export interface ThresholdReport {
  readonly positive: string | number;
  readonly value: number;
  /** Where it comes from, in words. */
  readonly from: string;
  readonly costs: { readonly falsePositive: number; readonly falseNegative: number };
  /** Threshold and mean cost a row, rising from 0 to 1; each cost holds from the threshold before. */
  readonly curve: readonly Point[];
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
  /** `train` where the report is of a training. */
  readonly rows: { readonly train?: number; readonly test: number };
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** By which models are held against each other. */
  readonly primary: 'rmse' | 'logloss' | 'accuracy';
  readonly metrics: Readonly<Record<string, ReportMetric>>;
  /** Where the report is of a training: guessing knows the training targets. */
  readonly baseline?: AgainstGuessing;
  readonly slices: readonly Slice[];
  readonly leaks: readonly Leak[];
  /** What else a reader must know first. */
  readonly warnings: readonly string[];
  readonly importance: readonly Importance[];
  /** So many of the test rows were shuffled. */
  readonly importanceRows: number;
  /** Of two classes with probabilities. */
  readonly threshold?: ThresholdReport;
  /** Rows that each class of the truth was taken for: `confusion[truth][predicted]`. */
  readonly confusion?: readonly (readonly number[])[];
  readonly curves?: readonly Curves[];
  readonly residuals?: readonly { readonly truth: number; readonly predicted: number }[];
  readonly search?: {
    readonly metric: string;
    readonly folds: number;
    readonly trials: readonly Trial[];
  };
  /** Of gradient descent, one an iteration. */
  readonly losses?: readonly number[];
}
