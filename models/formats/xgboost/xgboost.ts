import { ModelFileRefused } from '../../errors.ts';
import type { Scorer } from '../../kinds/scorer.ts';
import { type Labels, parseLabels } from '../../labels.ts';
import type { NativeModel } from '../../native.ts';
import { takingMissing } from '../../preparation/preparation.ts';
import { type Declaration, declaredOr, type Format, type ModelFile, noLabels } from '../format.ts';
import { MAX_INDEX } from '../libsvm-vectors.ts';
import { readJson, readText } from '../text.ts';
import { readUbjson } from '../ubjson.ts';
import { boosterScorer } from './xgboost-booster.ts';
import { objectiveOf } from './xgboost-objective.ts';
import { checkXgboost, type XgboostModel } from './xgboost-schema.ts';

/** XGBoost's `save_model`: JSON and UBJSON, boosters gbtree, dart and gblinear. */
export const xgboost: Format = { name: 'xgboost', recognises, read };

const PEEK_BYTES = 64;

function recognises(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, PEEK_BYTES));
  if (isBinary(bytes)) return ['learner', 'version'].includes(start.slice(KEY_FROM, KEY_FROM + KEY_LENGTH));
  return /^\s*\{\s*"(?:learner"\s*:\s*\{|version"\s*:\s*\[)/.test(start);
}

/** UBJSON opens its first key by a type and a length of eight bytes; both keys that XGBoost begins with have 7 letters. */
const [KEY_FROM, KEY_LENGTH] = [10, 7];
const isBinary = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7b && bytes[1] === 0x4c && bytes[9] === KEY_LENGTH && bytes.subarray(2, 9).every((byte) => byte === 0);

function read(file: ModelFile, declared: Declaration): NativeModel {
  const verdict = checkXgboost(isBinary(file.bytes) ? readUbjson(file) : readJson(withoutNaN(file)), file.name);
  if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
  return modelOf(verdict.value, file.name, declared);
}

/** XGBoost writes NaN as it is, which is no JSON: at categorical splits, which have no threshold. */
function withoutNaN(file: ModelFile): ModelFile {
  const text = readText(file);
  if (!/[[,]NaN/.test(text)) return file;
  const mended = text.replaceAll(/"(?:[^"\\]|\\.)*"|\bNaN\b/g, (token) => (token === 'NaN' ? 'null' : token));
  return { ...file, bytes: new TextEncoder().encode(mended) };
}

function modelOf({ learner }: XgboostModel, file: string, declared: Declaration): NativeModel {
  const { objective } = learner;
  const where = `${file}.learner`;
  const features = featuresOf(learner, declared, where);
  const family = objectiveOf(objective.name, `${where}.objective.name`);
  const groups = groupsOf(learner, where);
  const labels = family.classifies ? labelsOf(Math.max(2, groups), declared) : noLabels(declared);
  const scorer: Scorer = boosterScorer(learner, {
    family,
    labels,
    groups,
    width: features.length,
    where,
    trees: declared.trees,
  });
  return {
    kind: 'trees',
    features,
    preparation: [],
    plan: takingMissing(features),
    scorer,
    ...(labels && { labels }),
  };
}

/** Outputs of the booster: classes, or targets. Each has a tree at least, or a weight. */
function groupsOf(
  { gradient_booster: booster, learner_model_param: stated }: XgboostModel['learner'],
  where: string,
): number {
  const groups = Math.max(Number(stated.num_class), Number(stated.num_target ?? 1), 1);
  if (Number.isSafeInteger(groups) && groups <= Math.max(1, partsOf(booster))) return groups;
  const rule = 'must have a tree, or a weight, for each class or target';
  throw new ModelFileRefused({ where: `${where}.learner_model_param`, rule, found: groups });
}

function partsOf(booster: XgboostModel['learner']['gradient_booster']): number {
  if (booster.name === 'gblinear') return booster.model.weights.length;
  return (booster.name === 'dart' ? booster.gbtree : booster).model.trees.length;
}

function featuresOf(learner: XgboostModel['learner'], declared: Declaration, where: string): readonly string[] {
  const count = Number(learner.learner_model_param.num_feature);
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_INDEX)) {
    const rule = `must be an integer from 1 to ${MAX_INDEX}`;
    throw new ModelFileRefused({ where: `${where}.learner_model_param.num_feature`, rule, found: count });
  }
  const named = learner.feature_names ?? [];
  const stated = named.length > 0 ? named : Array.from({ length: count }, (_, k) => `f${k}`);
  if (stated.length !== count)
    throw new ModelFileRefused({ where: `${where}.feature_names`, rule: `must name ${count} features`, found: stated });
  return declaredOr('features', declared.features, stated, `${where}.feature_names`);
}

/** XGBoost knows classes by their position only; their names come from drop.json. */
const labelsOf = (classes: number, { labels }: Declaration): Labels =>
  parseLabels(
    declaredOr(
      'labels',
      labels,
      Array.from({ length: classes }, (_, k) => k),
      'classes',
    ),
  );
