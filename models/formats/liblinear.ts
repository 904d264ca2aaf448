import { decimal } from '../decimal.ts';
import { ModelFileRefused } from '../errors.ts';
import { type Affine, affineValues } from '../kinds/affine.ts';
import { affineExplainer } from '../kinds/explain/affine-explainer.ts';
import { oneVsRest } from '../kinds/one-vs-rest.ts';
import type { Scorer } from '../kinds/scorer.ts';
import { parseLabels } from '../labels.ts';
import type { NativeKind, NativeModel } from '../native.ts';
import { noPreparation } from '../preparation/preparation.ts';
import { fp64 } from '../tensor.ts';
import { type Declaration, declaredOr, type Format, type ModelFile, noLabels } from './format.ts';
import { MAX_INDEX } from './libsvm-vectors.ts';
import { readText } from './text.ts';
import { type HeaderForm, readHeader, type TextHeader } from './text-header.ts';

/**
 * The text models of LIBLINEAR's `train`, but those of one class. The layout is that of `save_model` in LIBLINEAR 2.3.
 */
export const liblinear: Format = { name: 'liblinear', recognises, read };

const KEYS = ['solver_type', 'nr_class', 'label', 'nr_feature', 'bias', 'rho'] as const;
type Header = TextHeader<(typeof KEYS)[number]>;
const HEADER: HeaderForm<(typeof KEYS)[number]> = { of: 'LIBLINEAR', keys: KEYS, end: 'w' };

const PEEK_BYTES = 256;

function recognises(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, PEEK_BYTES)).trimStart();
  return /^solver_type[ \t]/.test(start);
}

/** What a solver's functions mean. */
const solvers = {
  L2R_LR: 'logistic',
  L2R_LR_DUAL: 'logistic',
  L1R_LR: 'logistic',
  L2R_L2LOSS_SVC_DUAL: 'svm',
  L2R_L2LOSS_SVC: 'svm',
  L2R_L1LOSS_SVC_DUAL: 'svm',
  L1R_L2LOSS_SVC: 'svm',
  MCSVM_CS: 'svm',
  L2R_L2LOSS_SVR: 'linear',
  L2R_L2LOSS_SVR_DUAL: 'linear',
  L2R_L1LOSS_SVR_DUAL: 'linear',
} as const satisfies Record<string, NativeKind>;
const SOLVERS = Object.keys(solvers) as (keyof typeof solvers)[];

function read(file: ModelFile, declared: Declaration): NativeModel {
  const lines = readText(file).split('\n');
  const header = readHeader(file.name, lines, HEADER);
  const solver = header.oneOf('solver_type', SOLVERS);
  const kind = solvers[solver];
  const features = featuresOf(header, declared);
  const bare = { kind, features, preparation: [], plan: noPreparation(features) };
  if (kind === 'linear') {
    noLabels(declared);
    return { ...bare, scorer: regressor(weightsOf(lines, header, features.length, 1)) };
  }
  const classes = header.count('nr_class', 2);
  const stated = header.texts('label', classes);
  const labels = parseLabels(declaredOr('labels', declared.labels, stated, header.placeOf('label')));
  // Crammer and Singer's machine has a function a class, also of two.
  const size = classes === 2 && solver !== 'MCSVM_CS' ? 1 : classes;
  const functions = weightsOf(lines, header, features.length, size);
  const scorer = oneVsRest(
    classes === 2 && size === 2 ? difference(functions) : functions,
    labels,
    kind === 'logistic',
  );
  return { ...bare, labels, scorer };
}

function featuresOf(header: Header, { features }: Declaration): readonly string[] {
  const count = header.count('nr_feature', 1);
  if (count > MAX_INDEX) header.refuse('nr_feature', `must be at most ${MAX_INDEX}`, count);
  const stated = Array.from({ length: count }, (_, k) => `f${k + 1}`);
  return declaredOr('features', features, stated, header.placeOf('nr_feature'));
}

/** A line a feature, one number a function; where there is a bias, one line more, whose feature is the bias. */
function weightsOf(lines: readonly string[], header: Header, width: number, size: number): Affine {
  const bias = header.number('bias');
  const rows = lines.slice(header.end).filter((line) => line.trim() !== '');
  const wanted = width + (bias >= 0 ? 1 : 0);
  if (rows.length !== wanted)
    throw new ModelFileRefused({
      where: header.file,
      rule: `must hold ${wanted} lines of weights`,
      found: rows.length,
    });
  const weights = new Float64Array(size * width);
  const intercept = new Float64Array(size);
  for (const [column, line] of rows.entries()) {
    const numbers = numbersIn(line, size, `${header.file}, line ${column + 1} of the weights`);
    for (const [k, value] of numbers.entries()) {
      if (column < width) weights[k * width + column] = value;
      else intercept[k] = bias * value;
    }
  }
  return { width, weights, intercept };
}

function numbersIn(line: string, size: number, where: string): number[] {
  const numbers = line.trim().split(/\s+/).map(decimal);
  if (numbers.length === size && numbers.every(Number.isFinite)) return numbers;
  throw new ModelFileRefused({ where, rule: `must hold ${size} numbers`, found: line });
}

/** Two functions as one, positive for the first class. */
function difference({ width, weights, intercept }: Affine): Affine {
  return {
    width,
    weights: Float64Array.from(
      { length: width },
      (_, column) => (weights[column] as number) - (weights[width + column] as number),
    ),
    intercept: Float64Array.of((intercept[0] as number) - (intercept[1] as number)),
  };
}

const regressor = (functions: Affine): Scorer => ({
  outputs: [{ name: 'predict', datatype: 'FP64', shape: [-1] }],
  explaining: affineExplainer(functions, 'value'),
  formula: { name: 'linear', functions, link: 'identity' },
  score: (rows) => new Map([['predict', fp64([rows.count], affineValues(functions, rows))]]),
});
