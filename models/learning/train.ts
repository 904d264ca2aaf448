import type { Card } from '../card.ts';
import type { Examples } from '../examples.ts';
import type { ModelJson } from '../formats/model-json.ts';
import { type Frame, selectFrame } from '../frame.ts';
import type { NativeModel } from '../native.ts';
import type { Residuals } from '../residuals.ts';
import type { Tensor } from '../tensor.ts';
import { tensorToJson } from '../tensor-json.ts';
import type { Hyperparameters } from './algorithms.ts';
import { answersOn, scoreFrame } from './answers.ts';
import { checkedSlices } from './assess.ts';
import { type Chosen, chooseDecision, costsOf } from './choose-decision.ts';
import type { Evaluation } from './evaluate.ts';
import { evaluate, evaluateAnswers, evaluateBaseline } from './evaluation.ts';
import { originalSpace } from './original-space.ts';
import { type Plan as OutOfFoldPlan, outOfFold } from './out-of-fold.ts';
import { fitPipeline, type Pipeline } from './pipeline.ts';
import { preparationRecipe } from './preparing/preparation-recipe.ts';
import { type ChosenRows, DEFAULT_SEED, type Problem, poseProblem, splitProblem } from './problem.ts';
import type { Recipe } from './recipe.ts';
import { type Findings, type Finished, findingsOf, makeReport } from './report/make-report.ts';
import type { Report } from './report/report.ts';
import { residualsOf } from './residuals-of.ts';
import { candidatesOf, DEFAULT_FOLDS, type OnProgress, type SearchResult, searchBest } from './search.ts';
import { range } from './split.ts';
import type { Table } from './table.ts';
import { TrainingRefused } from './training-refused.ts';

export interface TrainPorts {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly onProgress: OnProgress;
}

/** The result object of `train --json`. */
export interface TrainResult extends Readonly<Record<string, unknown>> {
  readonly kind: string;
  readonly metrics: Evaluation['metrics'];
  readonly trainMetrics: Evaluation['metrics'];
  readonly baselineMetrics: Evaluation['metrics'];
  /** Why a metric is null; of training rows or guessing, where it is null there alone, as `train.mape`. */
  readonly reasons: Evaluation['reasons'];
  /** Wall time of the fit. */
  readonly seconds: number;
}

export interface Trained {
  /** Ready to be written down and served. */
  readonly model: ModelJson;
  readonly result: TrainResult;
  /** Why this kind, where nobody stated it. */
  readonly why: string | undefined;
  readonly rows: { readonly train: number; readonly test: number; readonly split: string };
  readonly findings: Findings;
  /** Everything that the test rows say. It takes a while: every column is shuffled. */
  report(): Report;
}

/**
 * From a table to a proven model: choose the kind, split, search, prepare and fit on training rows, evaluate on the
 * others. Nothing is learned from a test row, unless `refit` asks for all rows once the figures are known.
 * @throws TrainingRefused naming option, row or column, and the rule
 */
export function train(table: Table, recipe: Recipe, chosen: ChosenRows, { now, onProgress }: TrainPorts): Trained {
  const problem = poseProblem(table.frame, recipe);
  const split = splitProblem(problem, recipe, chosen);
  const { seed = DEFAULT_SEED } = recipe;
  const preparation = preparationRecipe(withDrop(recipe));
  const candidates = candidatesOf(problem, recipe, seed);
  const search =
    candidates.length > 1 ? searchBest(problem, split.train, candidates, preparation, recipe, onProgress) : undefined;
  const hyper = search?.best ?? (candidates[0] as Hyperparameters);
  const plan = { preparation, hyper, folds: recipe.cv ?? DEFAULT_FOLDS, onProgress };
  const decision = chooseDecision(
    problem,
    recipe,
    () => outOfFold(problem, split.train, { ...plan, enough: split.train.length })?.answers,
  );
  onProgress(`fitting ${problem.kind} on ${split.train.length} rows`, 0, 1);
  const startedAt = now();
  const fitted = fitPipeline(problem, split.train, preparation, hyper, decision);
  const seconds = (now() - startedAt) / 1_000;
  const residuals = triedResiduals(problem, split.train, { ...plan, enough: ENOUGH_RESIDUALS });
  onProgress('evaluating', 1, 1);
  const answers = answersOn(fitted.model, problem, split.test);
  const evaluations = {
    test: evaluateAnswers(answers),
    train: evaluate(fitted.model, problem, split.train),
    baseline: evaluateBaseline(problem, split.train, split.test, decision?.positive),
  };
  const served =
    recipe.refit === 'all'
      ? fitPipeline(problem, range(0, problem.features.count), preparation, hyper, decision)
      : fitted;
  const finished: Finished = {
    table,
    problem,
    model: fitted.model,
    answers,
    split,
    evaluations,
    facts: fitted.learned.facts,
    search,
    seed,
    slices: checkedSlices(recipe.slice ?? [], table.frame),
    costs: costsOf(recipe),
    thresholdFrom: decision?.from,
  };
  const findings = findingsOf(finished);
  const card = cardOf(finished, recipe);
  return {
    model: describe(
      served,
      { ...evaluations, findings },
      { card, residuals },
      selectFrame(problem.features, split.test.subarray(0, EXAMPLES)),
    ),
    result: resultOf(fitted, problem, { ...evaluations, decision }, seconds, search),
    why: problem.why,
    rows: { train: split.train.length, test: split.test.length, split: split.words },
    findings,
    report: () => makeReport(finished, findings),
  };
}

/** Rows tried out of fold that make intervals sharp enough: more would cost fits, and change little. */
const ENOUGH_RESIDUALS = 2_000;

/** Of a regression. Undefined where the rows are too few for folds, or a fold can't be fitted: then none are served. */
function triedResiduals(problem: Problem, rows: Int32Array, plan: OutOfFoldPlan): Residuals | undefined {
  if (problem.truth.task === 'classification') return undefined;
  try {
    const tried = outOfFold(problem, rows, plan);
    if (tried?.answers.task !== 'regression') return undefined;
    return residualsOf(tried.answers.truth, tried.answers.predicted, tried.folds);
  } catch (refusal) {
    if (refusal instanceof TrainingRefused) return undefined;
    throw refusal;
  }
}

/** `--drop first` is a short word for what a recipe says of its texts. */
function withDrop({ prepare = 'auto', drop }: Recipe): unknown {
  if (drop === undefined) return prepare;
  const recipe = preparationRecipe(prepare);
  return { ...recipe, texts: { ...recipe.texts, drop } };
}

/** Golden examples of each trained model. */
const EXAMPLES = 5;

interface Evaluations {
  readonly test: Evaluation;
  readonly train: Evaluation;
  readonly baseline: Evaluation;
}

function describe(
  { json, model }: Pipeline,
  { test, train, baseline, findings }: Evaluations & { readonly findings: Findings },
  { card, residuals }: { readonly card: Card; readonly residuals: Residuals | undefined },
  frame: Frame,
): ModelJson {
  return {
    ...json,
    ...(residuals && { residuals }),
    metrics: {
      test: test.metrics,
      train: train.metrics,
      baseline: baseline.metrics,
      intervals: Object.fromEntries(Object.entries(findings.intervals).map(([name, ends]) => [name, [...ends]])),
      ...reasonsFor({ test, train, baseline }),
    },
    card: { ...card, verdict: findings.baseline.words },
    examples: examplesOf(model, frame),
  };
}

/** By names such as `train.mape`. */
function reasonsFor(evaluations: Partial<Evaluations>): { reasons?: Record<string, string> } {
  const reasons = Object.entries(evaluations).flatMap(([of, { reasons: why }]: [string, Evaluation]) =>
    Object.entries(why).map(([metric, reason]) => [`${of}.${metric}`, reason]),
  );
  return reasons.length > 0 ? { reasons: Object.fromEntries(reasons) } : {};
}

/** What the model answered when it was trained: whoever scores it later must answer the same. */
function examplesOf(model: NativeModel, frame: Frame): Examples {
  const instances = Array.from({ length: frame.count }, (_, row) =>
    Object.fromEntries(frame.columns.map(({ name, values }) => [name, nullFor(values[row] as number | string | null)])),
  );
  const predicted = scoreFrame(model, frame).get('predict') as Tensor;
  return [{ inputs: { instances }, outputs: { predict: tensorToJson('predict', predicted) } }];
}

const nullFor = (value: number | string | null): number | string | null => (Number.isNaN(value) ? null : value);

function cardOf(
  { table, problem: { kind, target }, split, seed, thresholdFrom }: Finished,
  { refit, intendedUse, limits }: Recipe,
): Card {
  return {
    ...(intendedUse && { intendedUse }),
    ...(limits && { limits }),
    target,
    data: { name: table.name, sha256: table.sha256, rows: table.frame.count },
    split: refit === 'all' ? `${split.words}; fitted again on all rows after it was evaluated` : split.words,
    seed,
    algorithm: kind,
    ...(thresholdFrom && { threshold: thresholdFrom }),
  };
}

function resultOf(
  { model, learned }: Pipeline,
  { kind, truth }: Problem,
  { test, train, baseline, decision }: Evaluations & { readonly decision: Chosen | undefined },
  seconds: number,
  search: SearchResult | undefined,
): TrainResult {
  const { reasons = {} } = reasonsFor({ train, baseline });
  const elsewhere = Object.fromEntries(
    Object.entries(reasons).filter(([name]) => test.reasons[name.slice(name.indexOf('.') + 1)] === undefined),
  );
  const original = originalSpace(model.plan, learned.facts);
  return {
    kind,
    ...(truth.task === 'classification' && { classes: truth.labels.values }),
    features: model.plan.names,
    ...learned.facts,
    ...(original && { original }),
    ...(search && { search: { metric: search.metric, folds: search.folds, trials: search.trials } }),
    ...(decision && { positive: decision.positive }),
    ...(decision?.threshold !== undefined && { threshold: decision.threshold }),
    metrics: test.metrics,
    trainMetrics: train.metrics,
    baselineMetrics: baseline.metrics,
    reasons: { ...test.reasons, ...elsewhere },
    seconds,
  };
}
