import type { NativeModel } from '../../native.ts';
import { type Assessed, checkedSlices } from '../assess.ts';
import { primaryOf } from '../evaluation.ts';
import { DEFAULT_SEED } from '../problem.ts';
import { seededRandom } from '../random.ts';
import type { Table } from '../table.ts';
import type { Report } from './report.ts';
import { intervalsOf, metricRows, sectionsOf, warningsOf } from './sections.ts';

/**
 * What a table that it has not seen says of a finished model: as of a training, but what needs the training rows.
 * @throws TrainingRefused where a slice is of no column
 */
export function reportOn(
  model: NativeModel,
  table: Table,
  { features, answers, evaluation, target }: Assessed,
  slice: readonly string[],
): Report {
  const { frame } = table;
  const seed = DEFAULT_SEED;
  const slices = checkedSlices(slice, frame);
  const population = { count: frame.count };
  const intervals = intervalsOf(answers, evaluation, population, seededRandom(seed));
  return {
    schema: 1,
    kind: model.kind,
    task: answers.task,
    target,
    ...(answers.task === 'classification' && { labels: answers.labels }),
    data: { name: table.name, sha256: table.sha256, rows: frame.count },
    split: 'every row of the table; whether the model has learned from them is not known here',
    seed,
    rows: { test: frame.count },
    hyperparameters: {},
    primary: primaryOf(evaluation).metric,
    metrics: metricRows(evaluation, intervals),
    leaks: [],
    warnings: warningsOf(answers),
    ...sectionsOf({
      model,
      features,
      rows: frame,
      answers,
      population,
      evaluation,
      slices,
      seed,
      thresholdFrom: model.card?.threshold,
    }),
  };
}
