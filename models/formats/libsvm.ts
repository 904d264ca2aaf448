import { ModelFileRefused } from '../errors.ts';
import type { Kernel } from '../kinds/kernel.ts';
import { pairCount } from '../kinds/pairs.ts';
import type { Platt } from '../kinds/platt.ts';
import { svmScorer } from '../kinds/svm.ts';
import { type ClassifierSvm, SVM_TYPES, type SvmBase } from '../kinds/svm-machine.ts';
import { smaller } from '../kinds/vectors.ts';
import { type Labels, parseLabels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import { noPreparation } from '../preparation/preparation.ts';
import { distinct } from './distinct.ts';
import { type Declaration, declaredOr, type Format, type ModelFile, noLabels } from './format.ts';
import {
  type RangePreparation,
  readRange,
  type Scaling,
  scalingPreparation,
  type WrittenRange,
} from './libsvm-range.ts';
import { readVectors } from './libsvm-vectors.ts';
import { readText } from './text.ts';
import { type HeaderForm, readHeader, type TextHeader } from './text-header.ts';

/**
 * The text models of LIBSVM's `svm-train`: all five types, with linear, polynomial, RBF and sigmoid kernels.
 * The layout is that of `svm_save_model` and `svm_load_model` in LIBSVM 3.24.
 */
export const libsvm: Format = { name: 'libsvm', recognises, read };

const KEYS = [
  'svm_type',
  'kernel_type',
  'degree',
  'gamma',
  'coef0',
  'nr_class',
  'total_sv',
  'rho',
  'label',
  'probA',
  'probB',
  'prob_density_marks',
  'nr_sv',
] as const;
const HEADER: HeaderForm<(typeof KEYS)[number]> = { of: 'LIBSVM', keys: KEYS, end: 'SV' };
type LibsvmHeader = TextHeader<(typeof KEYS)[number]>;

const PEEK_BYTES = 1024;

function recognises(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, PEEK_BYTES)).trimStart();
  return (KEYS as readonly string[]).includes(start.split(/\s/, 1)[0] as string) && /^[ \t]*svm_type[ \t]/m.test(start);
}

function read(file: ModelFile, declared: Declaration): NativeModel {
  const lines = readText(file).split('\n');
  const header = readHeader(file.name, lines, HEADER);
  const type = header.oneOf('svm_type', SVM_TYPES);
  const kernel = kernelOf(header);
  const range = declared.range && readRange(declared.range);
  if (range?.target && !type.endsWith('_svr')) {
    const rule = `must not scale the target (svm-scale -y) of a model of svm_type ${type}`;
    throw new ModelFileRefused({ where: declared.range?.name as string, rule });
  }
  const parts = { lines, header, kernel, declared, ...(range && { range }) };
  return type === 'c_svc' || type === 'nu_svc' ? classifier(type, parts) : single(type, parts);
}

interface Parts {
  readonly lines: readonly string[];
  readonly header: LibsvmHeader;
  readonly kernel: Kernel;
  readonly declared: Declaration;
  /** What svm-scale did to the training table. */
  readonly range?: WrittenRange;
}

function single(type: Exclude<(typeof SVM_TYPES)[number], ClassifierSvm['type']>, parts: Parts): NativeModel {
  const { header, declared, range } = parts;
  noLabels(declared);
  const { base, features } = vectorsOf(parts, 1);
  const rho = header.numbers('rho', 1)[0] as number;
  const svm = range?.target ? onTargets(base, rho, range.target) : { ...base, rho };
  return { kind: 'svm', features, ...preparing(parts, features), scorer: svmScorer({ ...svm, type }) };
}

/** The function on the targets as they were before svm-scale: f = sum c k - rho is target * scale + offset. */
function onTargets<T extends { readonly coefficients: Float64Array }>(base: T, rho: number, target: Scaling) {
  const { scale, offset } = target;
  return { ...base, coefficients: base.coefficients.map((value) => value / scale), rho: (rho + offset) / scale };
}

const preparing = ({ range }: Parts, features: readonly string[]): RangePreparation =>
  range ? scalingPreparation(range, features) : { preparation: [], plan: noPreparation(features) };

function classifier(type: ClassifierSvm['type'], parts: Parts): NativeModel {
  const { header, declared } = parts;
  const classes = header.count('nr_class', 2);
  const rho = header.numbers('rho', pairCount(classes));
  const labels = labelsOf(header, classes, declared);
  const platt = plattOf(header, classes);
  const { base, features } = vectorsOf(parts, classes - 1);
  const vectorsPerClass = perClass(header, classes, base.vectors.count);
  const svm: ClassifierSvm = { ...base, type, labels, vectorsPerClass, rho, toward: 0, ...(platt && { platt }) };
  return { kind: 'svm', features, labels, ...preparing(parts, features), scorer: svmScorer(svm) };
}

const kernels = { linear: 'linear', polynomial: 'polynomial', rbf: 'rbf', sigmoid: 'sigmoid' } as const;

function kernelOf(header: LibsvmHeader): Kernel {
  if (header.words('kernel_type')[0] === 'precomputed') {
    const rule = 'must not be precomputed: rows are scored by their features; train with -t 0, 1, 2 or 3';
    header.refuse('kernel_type', rule, 'precomputed');
  }
  const name = kernels[header.oneOf('kernel_type', Object.values(kernels))];
  switch (name) {
    case 'linear':
      return { name };
    case 'rbf':
      return { name, gamma: header.number('gamma') };
    case 'sigmoid':
      return { name, gamma: header.number('gamma'), coef0: header.number('coef0') };
    case 'polynomial':
      return { name, gamma: header.number('gamma'), coef0: header.number('coef0'), degree: header.count('degree', 0) };
  }
}

function vectorsOf({ lines, header, kernel, declared, range }: Parts, coefficientRows: number) {
  const written = readVectors(header.file, lines, header.end, coefficientRows);
  const stated = header.count('total_sv', 0);
  if (stated !== written.count) {
    header.refuse('total_sv', `must be the number of vectors that follow, ${written.count}`, stated);
  }
  const features = featuresOf(Math.max(1, written.width, range?.width ?? 0), declared);
  const { count, offsets, columns, values, coefficients } = written;
  const vectors = smaller({ count, width: features.length, offsets, columns, values });
  const base: SvmBase & { readonly coefficients: Float64Array } = { kernel, vectors, coefficients };
  return { base, features };
}

/** LIBSVM does not write how many features there were: the largest index of a vector, or of the scaling, is the least. */
function featuresOf(width: number, { features }: Declaration): readonly string[] {
  if (features === undefined) return Array.from({ length: width }, (_, column) => `f${column + 1}`);
  if (features.length < width) {
    const rule = `must name at least ${width} features, the largest index of the model`;
    throw new ModelFileRefused({ where: 'drop.json.features', rule, found: features });
  }
  return distinct(features, 'drop.json.features');
}

function labelsOf(header: LibsvmHeader, classes: number, declared: Declaration): Labels {
  const stated = header.texts('label', classes);
  return parseLabels(declaredOr('labels', declared.labels, stated, header.placeOf('label')));
}

function plattOf(header: LibsvmHeader, classes: number): Platt | undefined {
  if (!header.has('probA') && !header.has('probB')) return undefined;
  return { a: header.numbers('probA', pairCount(classes)), b: header.numbers('probB', pairCount(classes)) };
}

function perClass(header: LibsvmHeader, classes: number, vectors: number): readonly number[] {
  const sizes = header.counts('nr_sv', classes);
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sum !== vectors) header.refuse('nr_sv', `must sum to the ${vectors} vectors that follow`, sum);
  return sizes;
}
