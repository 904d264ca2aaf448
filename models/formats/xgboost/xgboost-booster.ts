import { ModelFileRefused } from '../../errors.ts';
import type { Scorer } from '../../kinds/scorer.ts';
import { treeScorer } from '../../kinds/trees/tree-scorer.ts';
import type { Labels } from '../../labels.ts';
import { rowCursor } from '../../rows.ts';
import type { Family } from './xgboost-objective.ts';
import type { TreeBooster, XgboostModel } from './xgboost-schema.ts';
import { forestOf } from './xgboost-trees.ts';

export interface BoosterContext {
  readonly family: Family;
  readonly labels: Labels | undefined;
  /** Outputs of the booster: classes, or targets. */
  readonly groups: number;
  readonly width: number;
  readonly where: string;
  /** `all` where the best iteration is not to be honoured. */
  readonly trees: 'all' | undefined;
}

type Learner = XgboostModel['learner'];

/** @throws ModelFileRefused */
export function boosterScorer(learner: Learner, context: BoosterContext): Scorer {
  const { gradient_booster: booster } = learner;
  switch (booster.name) {
    case 'gbtree':
      return trees(learner, booster, undefined, context);
    case 'dart':
      return trees(learner, booster.gbtree, booster.weight_drop, context);
    case 'gblinear':
      return linear(learner, booster.model.weights, context);
  }
}

function trees(
  learner: Learner,
  { model }: TreeBooster,
  drops: readonly number[] | undefined,
  context: BoosterContext,
): Scorer {
  const { family, labels, groups, width, where } = context;
  const perIteration = groups * Number(model.gbtree_model_param.num_parallel_tree ?? 1);
  const best = context.trees === 'all' ? undefined : learner.attributes?.best_iteration;
  const used = best === undefined ? model.trees.length : (Number(best) + 1) * perIteration;
  if (!(used <= model.trees.length))
    throw new ModelFileRefused({
      where: `${where}.attributes.best_iteration`,
      rule: 'must be an iteration that is there',
      found: best,
    });
  if (drops && drops.length < used)
    throw new ModelFileRefused({
      where: `${where}.gradient_booster.weight_drop`,
      rule: 'must hold one number a tree',
      found: drops.length,
    });
  const place = `${where}.gradient_booster.model`;
  const forest = forestOf({
    trees: model.trees.slice(0, used),
    info: model.tree_info,
    width,
    outputs: groups,
    where: place,
  });
  return treeScorer({
    forest,
    base: baseOf(learner, context),
    objective: family.objective(groups, labels),
    width,
    ...(drops && { weights: Float64Array.from(drops, Math.fround) }),
  });
}

/** Missing values count nothing. Weights lie feature by feature, one a group, those of the bias last. */
function linear(learner: Learner, weights: readonly number[], context: BoosterContext): Scorer {
  const { family, labels, groups, width, where } = context;
  if (weights.length !== (width + 1) * groups)
    throw new ModelFileRefused({
      where: `${where}.gradient_booster.model.weights`,
      rule: `must hold ${(width + 1) * groups} numbers`,
      found: weights.length,
    });
  const base = baseOf(learner, context);
  const objective = family.objective(groups, labels);
  return {
    outputs: objective.outputs,
    score(rows) {
      const margins = new Float64Array(rows.count * groups);
      const cursor = rowCursor(rows);
      for (let row = 0; row < rows.count; row++) {
        const start = cursor.at(row);
        for (let group = 0; group < groups; group++) {
          let sum = (base[group] as number) + (weights[width * groups + group] as number);
          for (let column = 0; column < width; column++) {
            const value = cursor.values[start + column] as number;
            if (!Number.isNaN(value)) sum += Math.fround(value) * (weights[column * groups + group] as number);
          }
          margins[row * groups + group] = sum;
        }
      }
      return objective.answer(margins, rows.count);
    },
  };
}

/** `5E-1` or `[5E-1]`, or one a target. @throws ModelFileRefused */
function baseOf(
  { learner_model_param: { base_score: stated } }: Learner,
  { family, groups, where }: BoosterContext,
): Float64Array {
  const numbers = stated.replace(/[[\]]/g, '').split(',').map(Number);
  const base = Float64Array.from({ length: groups }, (_, group) =>
    Math.fround(family.link(numbers[group] ?? (numbers[0] as number))),
  );
  if (base.every(Number.isFinite)) return base;
  throw new ModelFileRefused({
    where: `${where}.learner_model_param.base_score`,
    rule: 'must be an answer of the objective',
    found: stated,
  });
}
