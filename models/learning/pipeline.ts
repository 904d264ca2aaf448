import { baselineOfFrame } from '../baseline.ts';
import type { Decision } from '../decision.ts';
import { featuresOf } from '../features.ts';
import { type ModelJson, modelJson } from '../formats/model-json.ts';
import { selectFrame } from '../frame.ts';
import type { NativeModel } from '../native.ts';
import { type Preparation, planPreparation } from '../preparation/preparation.ts';
import type { Rows } from '../rows.ts';
import { algorithms, type ClassHyperparameters, type Hyperparameters, type Learned } from './algorithms.ts';
import { fitPreparation } from './preparing/fit-preparation.ts';
import type { PreparationRecipe } from './preparing/preparation-recipe.ts';
import { type Problem, typesOf } from './problem.ts';
import { selectClasses, selectTargets } from './split.ts';
import { TrainingRefused } from './training-refused.ts';

/** A preparation and a fit on the same rows. */
export interface Pipeline {
  readonly json: ModelJson;
  /** Read from the very JSON that is written down: what is evaluated is what is served. */
  readonly model: NativeModel;
  readonly learned: Learned;
}

const utf8 = new TextEncoder();

/** Fits preparation and model on these rows, and on nothing else. @throws TrainingRefused */
export function fitPipeline(
  problem: Problem,
  rows: Int32Array,
  recipe: PreparationRecipe,
  hyper: Hyperparameters,
  decision: Decision = {},
): Pipeline {
  const frame = selectFrame(problem.features, rows);
  const names = frame.columns.map(({ name }) => name);
  const types = typesOf(frame);
  const preparation = fitPreparation(recipe, frame);
  const plan = planPreparation(preparation, featuresOf(names, types, 'types'), 'preparation');
  checkRoom(frame.count, plan.names.length);
  const prepared = plan.apply(frame);
  checkWhole(prepared, plan.names, preparation);
  const learned = learn(problem, rows, prepared, hyper);
  const json: ModelJson = {
    modeldrop: 1,
    kind: learned.kind,
    features: names,
    ...(types && { types }),
    ...(problem.truth.task === 'classification' && { labels: [...problem.truth.labels.values] }),
    ...(preparation.length > 0 && { preparation }),
    parameters: learned.parameters,
    ...(decision.positive !== undefined && { positive: decision.positive }),
    ...(decision.threshold !== undefined && { threshold: decision.threshold }),
    baseline: baselineOfFrame(frame),
    means: meansOf(prepared),
  };
  const bytes = utf8.encode(JSON.stringify(json));
  return { json, model: modelJson.read({ name: 'model.json', bytes }, {}), learned };
}

function meansOf({ count, width, values }: Rows): number[] {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length; at++) sums[at % width] = (sums[at % width] as number) + (values[at] as number);
  return Array.from(sums, (sum) => sum / count);
}

function learn({ kind, truth, weights }: Problem, rows: Int32Array, prepared: Rows, hyper: Hyperparameters): Learned {
  const sample = { rows: prepared, ...(weights && { weights: selectTargets(weights, rows) }) };
  const algorithm = algorithms[kind];
  if (algorithm.task === 'regression' && truth.task === 'regression') {
    return algorithm.fit(sample, selectTargets(truth.values, rows), hyper);
  }
  if (algorithm.task === 'classification' && truth.task === 'classification') {
    const positions = selectClasses(truth.positions, rows);
    const classes = truth.labels.values.length;
    return algorithm.fit(sample, positions, classes, withClassWeights(hyper, positions, truth.labels.values));
  }
  throw new TypeError(`${kind} is not for ${truth.task}`);
}

/** `balanced` is n / (K n_k), of the rows that are fitted. @throws TrainingRefused for a label that is not there */
function withClassWeights(
  hyper: Hyperparameters,
  positions: Int32Array,
  labels: readonly (string | number)[],
): ClassHyperparameters {
  const { classWeight } = hyper;
  if (classWeight === undefined) return hyper;
  if (classWeight === 'balanced') {
    const counts = new Float64Array(labels.length);
    for (const k of positions) counts[k] = (counts[k] as number) + 1;
    return { ...hyper, classWeights: Array.from(counts, (count) => positions.length / (labels.length * count)) };
  }
  const names = labels.map(String);
  const stray = Object.keys(classWeight).find((name) => !names.includes(name));
  if (stray !== undefined)
    throw new TrainingRefused({ where: 'classWeight', rule: `must name labels (${names.join(', ')})`, found: stray });
  return {
    ...hyper,
    classWeights: names.map((name) => (Object.hasOwn(classWeight, name) ? (classWeight[name] as number) : 1)),
  };
}

/** A gigabyte of prepared rows: beyond, a machine swaps or a function dies, and nobody is told why. */
const MOST_CELLS = 2 ** 27;

/** @throws TrainingRefused where the prepared rows would not fit */
function checkRoom(rows: number, columns: number): void {
  if (rows * columns <= MOST_CELLS) return;
  const rule = `must come to at most ${MOST_CELLS} cells once prepared; encode long texts and categories otherwise, or leave them out`;
  throw new TrainingRefused({ where: 'training rows', rule, found: rows * columns });
}

/** @throws TrainingRefused naming the first prepared column with a gap */
function checkWhole({ values, width }: Rows, names: readonly string[], preparation: Preparation): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at === -1) return;
  const where = `row ${Math.floor(at / width)} of the training rows, column ${JSON.stringify(names[at % width])}`;
  const fills = preparation.some(({ step }) => step === 'impute');
  throw new TrainingRefused({
    where,
    rule: fills ? 'must be a finite number' : 'must not be missing; --prepare auto fills gaps',
  });
}
