import { typesOf } from '../../features.ts';
import { treeScorer } from '../../kinds/trees/tree-scorer.ts';
import { type Labels, parseLabels } from '../../labels.ts';
import type { NativeModel } from '../../native.ts';
import { type Declaration, declaredOr, type Format, type ModelFile, noLabels } from '../format.ts';
import { type Family, familyOf } from './lightgbm-objective.ts';
import { type LightgbmHeader, type LightgbmText, type LightgbmTree, readParts } from './lightgbm-text.ts';
import { forestOf } from './lightgbm-trees.ts';
import { codingOf } from './pandas-categories.ts';

/**
 * LightGBM's text models, as `Booster.save_model` writes them: with the trees that are to be used, which are those up to the
 * best iteration where training was stopped early. Values are compared and summed in double precision.
 */
export const lightgbm: Format = { name: 'lightgbm', recognises, read };

const PEEK_BYTES = 64;
const VERSIONS = ['v2', 'v3', 'v4'] as const;

function recognises(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, PEEK_BYTES));
  return /^\s*tree\r?\n(?:version=|num_class=)/.test(start);
}

function read(file: ModelFile, declared: Declaration): NativeModel {
  const text = readParts(file);
  const { header } = text;
  header.oneOf('version', VERSIONS);
  const { features, preparation, plan } = codingOf(text, namesOf(header, declared));
  const family = familyOf(header);
  const outputs = outputsOf(text, family);
  const labels = family.classes > 0 ? labelsOf(family.classes, declared) : noLabels(declared);
  const columns = features.map((_, feature) => plan.origins.indexOf(feature));
  const { explaining, ...bare } = treeScorer({
    forest: forestOf({ trees: text.trees, outputs, columns }),
    base: new Float64Array(outputs),
    objective: family.objective(outputs, labels),
    width: features.length,
    ...(header.has('average_output') && { weights: averaging(text.trees.length, outputs) }),
  });
  const types = typesOf(features);
  return {
    kind: 'trees',
    features: features.map(({ name }) => name),
    preparation,
    plan,
    scorer: explaining && text.trees.every(isCounted) ? { ...bare, explaining } : bare,
    ...(types && { types }),
    ...(labels && { labels }),
  };
}

/** Explanations weigh branches by the training rows that went there. */
const isCounted = (tree: LightgbmTree): boolean =>
  tree.count('num_leaves', 1) === 1 || (tree.has('leaf_count') && tree.has('internal_count'));

function namesOf(header: LightgbmHeader, { features }: Declaration): readonly string[] {
  const stated = header.texts('feature_names', header.count('max_feature_idx', 0) + 1);
  return declaredOr('features', features, stated, header.placeOf('feature_names'));
}

/** Trees of one iteration. */
function outputsOf({ header, trees }: LightgbmText, family: Family): number {
  const key = header.has('num_tree_per_iteration') ? 'num_tree_per_iteration' : 'num_class';
  const outputs = header.count(key, 1);
  if (family.outputs !== undefined && outputs !== family.outputs) {
    header.refuse(key, `must be ${family.outputs}, as the objective has it`, outputs);
  }
  // Also keeps a lying number from asking for memory.
  if (trees.length === 0 || trees.length % outputs !== 0)
    header.refuse(key, `must divide the ${trees.length} trees of the file`, outputs);
  const announced = header.words('tree_sizes').length;
  if (header.has('tree_sizes') && announced !== trees.length) {
    header.refuse('tree_sizes', `must have one number for each of the ${trees.length} trees of the file`, announced);
  }
  return outputs;
}

/** LightGBM knows classes by their position only; their names come from drop.json. */
const labelsOf = (classes: number, { labels }: Declaration): Labels => {
  const positions = Array.from({ length: classes }, (_, k) => k);
  return parseLabels(declaredOr('labels', labels, positions, 'classes'));
};

/** A random forest answers the mean of its trees. */
const averaging = (trees: number, outputs: number): Float64Array => new Float64Array(trees).fill(outputs / trees);
