import type { Static } from 'typebox';
import * as Type from 'typebox';
import { checker } from '../../schema.ts';

const Numbers = Type.Array(Type.Number());
const Indices = Type.Array(Type.Integer());
/** XGBoost writes the numbers of its parameters as texts. */
const Written = Type.String();

const Tree = Type.Object({
  base_weights: Numbers,
  categories: Type.Optional(Indices),
  categories_nodes: Type.Optional(Indices),
  categories_segments: Type.Optional(Indices),
  categories_sizes: Type.Optional(Indices),
  default_left: Type.Array(Type.Union([Type.Integer(), Type.Boolean()])),
  left_children: Indices,
  right_children: Indices,
  /** Null at categorical splits, which have none. */
  split_conditions: Type.Array(Type.Union([Type.Number(), Type.Null()])),
  split_indices: Indices,
  split_type: Type.Optional(Indices),
  sum_hessian: Numbers,
  tree_param: Type.Object({ size_leaf_vector: Type.Optional(Written) }),
});
export type Tree = Static<typeof Tree>;

const TreeBooster = Type.Object({
  name: Type.Literal('gbtree'),
  model: Type.Object({
    gbtree_model_param: Type.Object({ num_parallel_tree: Type.Optional(Written) }),
    tree_info: Indices,
    trees: Type.Array(Tree),
  }),
});
export type TreeBooster = Static<typeof TreeBooster>;

const Dart = Type.Object({ name: Type.Literal('dart'), gbtree: TreeBooster, weight_drop: Numbers });
const LinearBooster = Type.Object({
  name: Type.Literal('gblinear'),
  model: Type.Object({ weights: Numbers }),
});

/** The JSON model of XGBoost 1.0 and later, as far as scoring needs it. https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html */
export const XgboostModel = Type.Object({
  version: Type.Optional(Indices),
  learner: Type.Object({
    attributes: Type.Optional(Type.Object({ best_iteration: Type.Optional(Written) })),
    feature_names: Type.Optional(Type.Array(Type.String())),
    feature_types: Type.Optional(Type.Array(Type.String())),
    gradient_booster: Type.Union([TreeBooster, Dart, LinearBooster]),
    learner_model_param: Type.Object({
      base_score: Written,
      num_class: Written,
      num_feature: Written,
      num_target: Type.Optional(Written),
    }),
    objective: Type.Object({ name: Type.String() }),
  }),
});
export type XgboostModel = Static<typeof XgboostModel>;

export const checkXgboost = checker(XgboostModel);
