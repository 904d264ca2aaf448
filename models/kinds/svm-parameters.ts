import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import type { Labels } from '../labels.ts';
import { KernelParameters, parseKernel } from './kernel.ts';
import { pairCount } from './pairs.ts';
import type { Platt } from './platt.ts';
import { type ClassifierSvm, type SingleSvm, SVM_TYPES, type Svm, type SvmType } from './svm-machine.ts';
import { smaller } from './vectors.ts';

const Numbers = Type.Array(Type.Number());

/** How `model.json` states a support vector machine. */
export const SvmParameters = Type.Object(
  {
    type: Type.Unsafe<SvmType>({ type: 'string', enum: SVM_TYPES }),
    kernel: KernelParameters,
    supportVectors: Type.Array(Numbers, { description: 'One row a vector; for classifiers class by class.' }),
    coefficients: Type.Array(Numbers, {
      minItems: 1,
      description: "One row, or for K labels K - 1 rows as LIBSVM's sv_coef and scikit-learn's dual_coef_.",
    }),
    rho: Type.Array(Type.Number(), {
      minItems: 1,
      description: 'Minus the intercept, one number, or one a pair of labels: 01, 02, ..., 12, ...',
    }),
    supportVectorsPerClass: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }))),
    probability: Type.Optional(
      Type.Object(
        {
          a: Numbers,
          b: Numbers,
          coupled: Type.Optional(
            Type.Boolean({ description: 'Of two labels: couple them as more are coupled, as scikit-learn does.' }),
          ),
        },
        {
          additionalProperties: false,
          description: 'Platt: 1 / (1 + exp(a f + b)) is the probability of the label that f > 0 speaks for.',
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description:
      'f(x) = sum of coefficients k(x, supportVectors) - rho. With two labels f > 0 speaks for labels[1]; ' +
      'with more, the decision of pair (i, j), i < j, is positive for i.',
  },
);
export type SvmParameters = Static<typeof SvmParameters>;

/** Number of prepared columns, and the place of the parameters for errors. */
interface Place {
  readonly width: number;
  readonly where: string;
}

/** @throws ModelFileRefused where vectors, coefficients, rho, labels and features do not fit together */
export function parseSvm(parameters: SvmParameters, labels: Labels | undefined, place: Place): Svm {
  const { type } = parameters;
  return type === 'c_svc' || type === 'nu_svc'
    ? parseClassifier(type, parameters, requireLabels(labels, type, place), place)
    : parseSingle(type, parameters, place);
}

function parseSingle(type: SingleSvm['type'], parameters: SvmParameters, place: Place): SingleSvm {
  for (const key of ['supportVectorsPerClass', 'probability'] as const) {
    if (parameters[key] === undefined) continue;
    throw new ModelFileRefused({ where: `${place.where}.${key}`, rule: `must be absent for type ${type}` });
  }
  const base = parseBase(parameters, 2, place);
  return { ...base, type, rho: parameters.rho[0] as number };
}

function parseClassifier(
  type: ClassifierSvm['type'],
  parameters: SvmParameters,
  labels: Labels,
  place: Place,
): ClassifierSvm {
  const classes = labels.values.length;
  const base = parseBase(parameters, classes, place);
  const platt = parsePlatt(parameters, classes, place);
  const classifier: ClassifierSvm = {
    ...base,
    type,
    labels,
    vectorsPerClass: parsePerClass(parameters, classes, place),
    rho: Float64Array.from(parameters.rho),
    toward: 0,
    ...(platt && { platt }),
  };
  return classes === 2 ? towardSecond(classifier) : classifier;
}

function parseBase({ kernel, supportVectors, coefficients, rho }: SvmParameters, classes: number, place: Place) {
  const { width, where } = place;
  const count = supportVectors.length;
  requireRows(supportVectors, width, 'a feature', `${where}.supportVectors`);
  requireLength(coefficients, classes - 1, `${classes === 2 ? 'one row' : 'K - 1 rows'}`, `${where}.coefficients`);
  requireRows(coefficients, count, 'a support vector', `${where}.coefficients`);
  requireLength(rho, pairCount(classes), classes === 2 ? 'one number' : 'K(K-1)/2 numbers', `${where}.rho`);
  return {
    kernel: parseKernel(kernel, `${where}.kernel`),
    vectors: smaller({ count, width, values: Float64Array.from(supportVectors.flat()) }),
    coefficients: Float64Array.from(coefficients.flat()),
  };
}

/** The same machine as LIBSVM lays it out, where a positive decision speaks for the first label. */
const towardSecond = (svm: ClassifierSvm): ClassifierSvm => ({
  ...svm,
  coefficients: svm.coefficients.map((value) => -value),
  rho: svm.rho.map((value) => -value),
  ...(svm.platt && { platt: { ...svm.platt, b: svm.platt.b.map((value) => -value) } }),
  toward: 1,
});

function parsePlatt({ probability }: SvmParameters, classes: number, { where }: Place): Platt | undefined {
  if (probability === undefined) return undefined;
  const { a, b, coupled } = probability;
  requireLength(a, pairCount(classes), 'one number a pair of labels', `${where}.probability.a`);
  requireLength(b, pairCount(classes), 'one number a pair of labels', `${where}.probability.b`);
  return { a: Float64Array.from(a), b: Float64Array.from(b), ...(coupled && { coupled }) };
}

function parsePerClass(parameters: SvmParameters, classes: number, place: Place): readonly number[] {
  const { supportVectors, supportVectorsPerClass: stated } = parameters;
  const where = `${place.where}.supportVectorsPerClass`;
  // With two labels every vector has its one coefficient, so the border between both does not matter.
  if (stated === undefined && classes === 2) return [supportVectors.length, 0];
  if (stated === undefined) throw new ModelFileRefused({ where, rule: 'must be stated for more than two labels' });
  requireLength(stated, classes, 'one number a label', where);
  const sum = stated.reduce((total, size) => total + size, 0);
  if (sum !== supportVectors.length) {
    throw new ModelFileRefused({ where, rule: `must sum to the ${supportVectors.length} support vectors`, found: sum });
  }
  return stated;
}

function requireLabels(labels: Labels | undefined, type: SvmType, { where }: Place): Labels {
  if (labels === undefined) throw new ModelFileRefused({ where: `${where}.type`, rule: `${type} needs labels` });
  return labels;
}

function requireRows(rows: readonly number[][], length: number, each: string, where: string): void {
  const misfit = rows.findIndex((row) => row.length !== length);
  if (misfit !== -1) {
    const rule = `must hold ${length} numbers, one ${each}`;
    throw new ModelFileRefused({ where: `${where}[${misfit}]`, rule, found: rows[misfit] });
  }
}

function requireLength(items: readonly unknown[], length: number, what: string, where: string): void {
  if (items.length !== length) {
    throw new ModelFileRefused({ where, rule: `must hold ${length} (${what})`, found: items });
  }
}
