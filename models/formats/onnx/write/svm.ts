import type { Affine } from '../../../kinds/affine.ts';
import { pairsOf } from '../../../kinds/pairs.ts';
import type { ClassifierSvm, SingleSvm, Svm, SvmBase } from '../../../kinds/svm-machine.ts';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import { affineValues, flat } from './affine.ts';
import { type Answers, isPositive, labelsAt, largest } from './answers.ts';
import { gemm } from './gemm.ts';
import type { Graph, Value } from './graph.ts';
import { decided } from './guard.ts';
import { densified, kernelValues } from './kernel.ts';
import { plattProbabilities } from './platt.ts';

export function svmAnswers(graph: Graph, svm: Svm, rows: Value): Answers {
  switch (svm.type) {
    case 'c_svc':
    case 'nu_svc':
      return classifierAnswers(graph, svm, rows);
    case 'one_class': {
      const decision = singleDecision(graph, svm, rows);
      const inside = graph.op('Gather', [graph.integers([-1, 1]), isPositive(graph, decision, DataType.INT64)]);
      return { predict: inside, decision_function: decision };
    }
    default:
      return { predict: singleDecision(graph, svm, rows) };
  }
}

/** The sum over all vectors less rho, `[rows]`. */
function singleDecision(graph: Graph, svm: SingleSvm, rows: Value): Value {
  const line: Line = { coefficients: svm.coefficients, rho: svm.rho };
  return flat(graph, isAffine(svm) ? affineValues(graph, collapsed(svm, [line]), rows) : sum(graph, svm, line, rows));
}

/** A sum of coefficients times kernels, less rho. */
interface Line {
  readonly coefficients: Float64Array;
  readonly rho: number;
}

function sum(graph: Graph, svm: SvmBase, { coefficients, rho }: Line, rows: Value): Value {
  const kernels = kernelValues(graph, svm.kernel, densified(svm.vectors), rows);
  const line = { values: coefficients, height: 1, width: coefficients.length };
  return decided(graph, gemm(graph, kernels, line, [-rho]));
}

const isAffine = ({ kernel, vectors }: SvmBase): boolean => kernel.name === 'linear' || vectors.count === 0;

/** A linear kernel sums up to one weight a column: no vector, which is a training row, has to travel. */
function collapsed({ vectors }: SvmBase, lines: readonly Line[]): Affine {
  const { count, width, values } = densified(vectors);
  const weights = new Float64Array(lines.length * width);
  for (const [k, { coefficients }] of lines.entries()) {
    for (let i = 0; i < count; i++) {
      const coefficient = coefficients[i] as number;
      if (coefficient === 0) continue;
      for (let column = 0; column < width; column++) {
        const at = k * width + column;
        weights[at] = (weights[at] as number) + coefficient * (values[i * width + column] as number);
      }
    }
  }
  return { width, weights, intercept: Float64Array.from(lines, ({ rho }) => -rho) };
}

function classifierAnswers(graph: Graph, svm: ClassifierSvm, rows: Value): Answers {
  const { labels, platt, toward } = svm;
  const classes = labels.values.length;
  const decisions = pairDecisions(graph, svm, rows);
  const stated = classes === 2 && toward === 1 ? graph.op('Neg', [decisions]) : decisions;
  return {
    predict: labelsAt(graph, labels, largest(graph, votes(graph, decisions, classes))),
    ...(platt && { predict_proba: plattProbabilities(graph, decisions, classes, platt) }),
    decision_function: classes === 2 ? flat(graph, stated) : stated,
  };
}

/** One decision a pair, `[rows, K(K-1)/2]`. */
function pairDecisions(graph: Graph, svm: ClassifierSvm, rows: Value): Value {
  const { coefficients, vectors, rho, labels } = svm;
  if (labels.values.length === 2 && !isAffine(svm))
    return sum(graph, svm, { coefficients, rho: rho[0] as number }, rows);
  const pairs = pairsOf(labels.values.length);
  if (isAffine(svm))
    return affineValues(
      graph,
      collapsed(
        svm,
        pairs.map((pair, k) => lineOf(svm, pair, rho[k] as number)),
      ),
      rows,
    );
  return grouped(graph, svm, kernelValues(graph, svm.kernel, densified(vectors), rows));
}

/** The coefficients of a pair of classes over all vectors: zero where a vector is of another class. */
function lineOf(
  { coefficients, vectors, vectorsPerClass, labels }: ClassifierSvm,
  [i, j]: readonly [number, number],
  rho: number,
): Line {
  if (labels.values.length === 2) return { coefficients, rho };
  const line = new Float64Array(vectors.count);
  const copy = (group: number, row: number): void => {
    const [from, to] = boundsOf(vectorsPerClass, group);
    line.set(coefficients.subarray(row * vectors.count + from, row * vectors.count + to), from);
  };
  copy(i, j - 1);
  copy(j, i);
  return { coefficients: line, rho };
}

function boundsOf(sizes: readonly number[], group: number): readonly [from: number, to: number] {
  const from = sizes.slice(0, group).reduce((total, size) => total + size, 0);
  return [from, from + (sizes[group] as number)];
}

/**
 * Each class has a sum against every other; a pair takes one of either. A matrix of all pairs over all vectors would be
 * mostly zeros, and K / 2 times as large.
 */
function grouped(graph: Graph, svm: ClassifierSvm, kernels: Value): Value {
  const { coefficients, vectors, vectorsPerClass, rho } = svm;
  const classes = vectorsPerClass.length;
  const lines = classes - 1;
  const parts = graph.ops('Split', [kernels, graph.integers(vectorsPerClass)], classes, { axis: 1 });
  const sums = vectorsPerClass.map((size, group) => {
    const [from, to] = boundsOf(vectorsPerClass, group);
    const values = Array.from({ length: lines }, (_, line) => [
      ...coefficients.subarray(line * vectors.count + from, line * vectors.count + to),
    ]).flat();
    return gemm(graph, parts[group] as Value, { values, height: lines, width: size });
  });
  const all = graph.op('Concat', sums, { axis: 1 });
  const pairs = pairsOf(classes);
  const taken = (places: number[]): Value => graph.op('Gather', [all, graph.integers(places)], { axis: 1 });
  const both = graph.op('Add', [
    taken(pairs.map(([i, j]) => i * lines + j - 1)),
    taken(pairs.map(([i, j]) => j * lines + i)),
  ]);
  return decided(graph, graph.op('Sub', [both, graph.reals(rho)]));
}

/** How many pairs speak for each class, `[rows, K]`: a positive decision of (i, j) for i, any other for j. */
function votes(graph: Graph, decisions: Value, classes: number): Value {
  const pairs = pairsOf(classes);
  const won = isPositive(graph, decisions, graph.real);
  // One vote more for i and one less for j than where all decisions speak for j.
  const moves = Array.from({ length: classes }, (_, k) => pairs.map(([i, j]) => (k === i ? 1 : k === j ? -1 : 0)));
  const before = Array.from({ length: classes }, (_, k) => pairs.filter(([, j]) => j === k).length);
  return gemm(graph, won, { values: moves.flat(), height: classes, width: pairs.length }, before);
}
