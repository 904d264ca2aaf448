import type { ColumnType } from '../../../models/frame.ts';
import type { ChosenRows } from '../../../models/learning/problem.ts';
import type { Report } from '../../../models/learning/report/report.ts';
import type { Table } from '../../../models/learning/table.ts';
import type { TrainResult } from '../../../models/learning/train.ts';
import type { Parcel } from '../parcel.ts';
import type { Progress } from '../progress.ts';
import type { Told } from './words.ts';

/** A way to learn from a table, with all its options read. */
export interface Lesson {
  /** Columns whose type a person has stated. */
  readonly types: Readonly<Record<string, ColumnType>>;
  learn(table: Table, chosen: ChosenRows, progress: Progress): Promise<Learned>;
}

/** What was learned, ready to be served. */
export interface Learned {
  /** The model, and what goes with it. */
  readonly parcel: Parcel;
  readonly told: Told;
  readonly result: TrainResult;
  /** It may take as long as the fit. */
  report(): Report;
}
