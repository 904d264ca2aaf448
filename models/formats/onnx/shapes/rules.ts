import { classifier, gemm, matMul, recurrent, regressor } from './products.ts';
import {
  best,
  concat,
  constant,
  constantOfShape,
  expand,
  flatten,
  gather,
  reduce,
  reshape,
  squeeze,
  tile,
  transpose,
  unsqueeze,
} from './rearranging.ts';
import { broadcast, type Shape } from './shape.ts';
import type { ShapeRule } from './surroundings.ts';
import { convolution, globalPooling, pooling } from './windows.ts';

const sameAsFirst: ShapeRule = (_, { shape }) => [shape(0)];

const elementwise: ShapeRule = (node, { shape }) => [
  node.input.reduce<Shape | undefined>((all, _, i) => {
    const next = shape(i);
    return all && next && broadcast(all, next);
  }, []),
];

const shapeOf: ShapeRule = (_, { shape }) => {
  const input = shape(0);
  return input ? [[input.length]] : [];
};

const rulesOf = (rule: ShapeRule, ...names: readonly string[]): [string, ShapeRule][] =>
  names.map((name) => [name, rule]);

const UNARY =
  'Abs Acos Asin Atan BatchNormalization Cast Ceil Celu Clip Cos Cosh CumSum Dropout Elu Erf Exp Floor Gelu Hardmax HardSigmoid HardSwish Identity InstanceNormalization IsInf IsNaN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization LRN MeanVarianceNormalization Mish Neg Not Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Tan Tanh ThresholdedRelu';
const BINARY =
  'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or Pow PRelu Sub Sum Where Xor';
const REDUCTIONS =
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare';

/** The operators whose outputs' shapes are inferred, by their name in the graph. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map([
  ...rulesOf(sameAsFirst, ...UNARY.split(' '), 'ai.onnx.ml.Scaler', 'ai.onnx.ml.Normalizer', 'ai.onnx.ml.Imputer'),
  ...rulesOf(elementwise, ...BINARY.split(' ')),
  ...rulesOf(reduce, ...REDUCTIONS.split(' ')),
  ...rulesOf(best, 'ArgMax', 'ArgMin'),
  ...rulesOf(convolution, 'Conv'),
  ...rulesOf(pooling, 'MaxPool', 'AveragePool', 'LpPool'),
  ...rulesOf(globalPooling, 'GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'),
  ...rulesOf(gemm, 'Gemm'),
  ...rulesOf(matMul, 'MatMul'),
  ...rulesOf(recurrent, 'RNN', 'LSTM', 'GRU'),
  ...rulesOf(
    classifier,
    'ai.onnx.ml.LinearClassifier',
    'ai.onnx.ml.SVMClassifier',
    'ai.onnx.ml.TreeEnsembleClassifier',
  ),
  ...rulesOf(regressor, 'ai.onnx.ml.LinearRegressor', 'ai.onnx.ml.SVMRegressor', 'ai.onnx.ml.TreeEnsembleRegressor'),
  ...rulesOf(flatten, 'Flatten'),
  ...rulesOf(reshape, 'Reshape'),
  ...rulesOf(transpose, 'Transpose'),
  ...rulesOf(concat, 'Concat'),
  ...rulesOf(squeeze, 'Squeeze'),
  ...rulesOf(unsqueeze, 'Unsqueeze'),
  ...rulesOf(gather, 'Gather'),
  ...rulesOf(shapeOf, 'Shape'),
  ...rulesOf(constant, 'Constant'),
  ...rulesOf(constantOfShape, 'ConstantOfShape'),
  ...rulesOf(expand, 'Expand'),
  ...rulesOf(tile, 'Tile'),
]);
