import type { Static } from 'typebox';
import * as Type from 'typebox';
import { Baseline } from '../baseline.ts';
import { Card, Metrics } from '../card.ts';
import { type Decision, decide, Positive, Threshold } from '../decision.ts';
import { ModelFileRefused } from '../errors.ts';
import { Examples } from '../examples.ts';
import { type Feature, featuresOf, Types } from '../features.ts';
import { type KindName, kinds } from '../kinds/kinds.ts';
import { type Labels, LabelsSchema, parseLabels } from '../labels.ts';
import type { NativeModel } from '../native.ts';
import { Preparation, type PreparationPlan, planPreparation } from '../preparation/preparation.ts';
import { checkResiduals, Residuals } from '../residuals.ts';
import { checker } from '../schema.ts';
import { type Declaration, declaredOr, type Format, type ModelFile } from './format.ts';
import { readJson, startsWithBrace } from './text.ts';

/** Our own format, in double precision: everything that a model of a native kind is. */
export const ModelJson = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'For editors; not read.' })),
    modeldrop: Type.Literal(1, { description: 'Version of this format.' }),
    kind: Type.Unsafe<KindName>({ type: 'string', enum: Object.keys(kinds) }),
    features: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'Names of the columns, in the order of a row. All different.',
    }),
    types: Type.Optional(Types),
    labels: Type.Optional(LabelsSchema),
    preparation: Type.Optional(Preparation),
    parameters: Type.Unknown({ description: 'By kind.' }),
    positive: Type.Optional(Positive),
    threshold: Type.Optional(Threshold),
    baseline: Type.Optional(Baseline),
    residuals: Type.Optional(Residuals),
    means: Type.Optional(
      Type.Array(Type.Number(), {
        description: 'Of the prepared training rows, one a prepared column: what explanations are held against.',
      }),
    ),
    metrics: Type.Optional(Metrics),
    card: Type.Optional(Card),
    examples: Type.Optional(Examples),
  },
  { additionalProperties: false },
);
export type ModelJson = Static<typeof ModelJson>;

export const modelJson: Format = {
  name: 'model.json',
  recognises(bytes) {
    if (!startsWithBrace(bytes)) return false;
    return /"modeldrop"\s*:/.test(new TextDecoder().decode(bytes));
  },
  read,
};

const check = checker(ModelJson);

function read(file: ModelFile, declared: Declaration): NativeModel {
  const verdict = check(readJson(file), file.name);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  const { kind, parameters, preparation = [], residuals, metrics, card, examples, ...stated } = verdict.value;
  const features = declaredOr('features', declared.features, stated.features, `${file.name}.features`);
  const known = featuresOf(stated.features, stated.types, `${file.name}.types`);
  const plan = planPreparation(preparation, known, `${file.name}.preparation`);
  const types = stated.types && typesOn(features, known);
  const width = plan.names.length;
  const labels = labelsOf(stated.labels, declared.labels, file.name);
  const baseline = stated.baseline && baselineOn(features, stated.baseline, stated.features, file.name);
  const means = stated.means ? meansOf(stated.means, width, file.name) : meansBy(baseline, plan);
  const built = kinds[kind].build(parameters, { width, labels, where: `${file.name}.parameters` });
  const decision = decisionOf(verdict.value, labels);
  const scorer = decide({ scorer: built, labels, where: file.name }, decision);
  if (residuals) checkResiduals(residuals, `${file.name}.residuals`);
  return {
    kind,
    features,
    preparation,
    plan,
    scorer,
    ...(types && { types }),
    ...(labels && { labels }),
    ...(decision.positive !== undefined && { positive: decision.positive }),
    ...(decision.threshold !== undefined && { threshold: decision.threshold }),
    ...(baseline && { baseline }),
    ...(residuals && { residuals }),
    ...(means && { means }),
    ...(metrics && { metrics }),
    ...(card && { card }),
    ...(examples && { examples }),
  };
}

/** @throws ModelFileRefused where there are not as many as prepared columns */
function meansOf(stated: readonly number[], width: number, file: string): Float64Array {
  if (stated.length === width) return Float64Array.from(stated);
  throw new ModelFileRefused({
    where: `${file}.means`,
    rule: `must hold ${width} numbers, one a prepared column`,
    found: stated,
  });
}

/** The means of what only is scaled and moved are the means, scaled and moved. */
function meansBy(baseline: Baseline | undefined, plan: PreparationPlan): Float64Array | undefined {
  if (baseline === undefined || !plan.isAffine) return undefined;
  const means = baseline.features.map((feature) => ('mean' in feature ? feature.mean : Number.NaN));
  if (!means.every(Number.isFinite)) return undefined;
  return plan.applyToRows({ count: 1, width: means.length, values: Float64Array.from(means) }).values;
}

function labelsOf(stated: ModelJson['labels'], declared: Declaration['labels'], file: string): Labels | undefined {
  if (stated !== undefined) return parseLabels(declaredOr('labels', declared, stated, `${file}.labels`));
  if (declared !== undefined) {
    throw new ModelFileRefused({
      where: 'drop.json.labels',
      rule: 'must be absent: the model has none',
      found: declared,
    });
  }
  return undefined;
}

/** The positive label as the drop calls it. A threshold without one is of the second label. */
function decisionOf({ labels: stated, positive, threshold }: ModelJson, labels: Labels | undefined): Decision {
  if (positive === undefined) return threshold === undefined ? {} : { positive: labels?.values[1], threshold };
  const position = stated?.findIndex((label) => String(label) === String(positive)) ?? -1;
  return { positive: labels?.values[position] ?? positive, threshold };
}

/** The types under the names that the model is served with. */
const typesOn = (names: readonly string[], known: readonly Feature[]): Types =>
  Object.fromEntries(known.flatMap(({ type }, k) => (type === 'text' ? [[names[k] as string, type]] : [])));

/** The baseline under the names that the model is served with. */
function baselineOn(names: readonly string[], baseline: Baseline, stated: readonly string[], file: string): Baseline {
  const { features } = baseline;
  const strayed = stated.findIndex((name, index) => features[index]?.name !== name);
  if (strayed !== -1 || features.length !== stated.length) {
    const where = `${file}.baseline.features`;
    throw new ModelFileRefused({ where, rule: 'must name the features in their order', found: features });
  }
  return { ...baseline, features: features.map((feature, index) => ({ ...feature, name: names[index] as string })) };
}
