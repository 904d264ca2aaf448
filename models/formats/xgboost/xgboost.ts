import { ModelFileRefused } from '../../errors.ts';
import type { Scorer } from '../../kinds/scorer.ts';
import { type Labels, parseLabels } from '../../labels.ts';
import type { NativeModel } from '../../native.ts';
import { takingMissing } from '../../preparation/preparation.ts';
import { type Declaration, declaredOr, type Format, type ModelFile, noLabels } from '../format.ts';
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
  const { objective, learner_model_param: stated } = learner;
  const where = `${file}.learner`;
  const features = featuresOf(learner, declared, where);
  const family = objectiveOf(objective.name, `${where}.objective.name`);
  const groups = Math.max(Number(stated.num_class), Number(stated.num_target ?? 1), 1);
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

function featuresOf(learner: XgboostModel['learner'], declared: Declaration, where: string): readonly string[] {
  const count = Number(learner.learner_model_param.num_feature);
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
