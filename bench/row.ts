import { readFileSync } from 'node:fs';

/** A row as `diagnosis` was trained on: within the range of every feature, so that the answer marks nothing. */
export const diagnosisRow: readonly number[] = (
  readFileSync(new URL('../examples/diagnosis/breast_cancer.csv', import.meta.url), 'utf8').split('\n')[2] as string
)
  .split(',')
  .slice(0, -1)
  .map(Number);
