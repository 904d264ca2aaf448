import type { Python } from '../../../adapters/torch/find-python.ts';
import type { CascadeRows } from '../../../models/cascade/plan-cascade.ts';
import { type Answers, answersOn } from '../../../models/learning/answers.ts';
import type { NetworkKind } from '../../../models/learning/network/network-kinds.ts';
import { poseNetwork } from '../../../models/learning/network/pose-network.ts';
import { fitPipeline } from '../../../models/learning/pipeline.ts';
import { preparationRecipe } from '../../../models/learning/preparing/preparation-recipe.ts';
import { foldsOf, poseProblem } from '../../../models/learning/problem.ts';
import { seededRandom } from '../../../models/learning/random.ts';
import type { Recipe } from '../../../models/learning/recipe.ts';
import { candidatesOf } from '../../../models/learning/search.ts';
import { range } from '../../../models/learning/split.ts';
import type { Table } from '../../../models/learning/table.ts';
import { TrainingRefused } from '../../../models/learning/training-refused.ts';
import { fitNetwork } from './network-fit.ts';

/** A small model of ours, and a network, learned from one table. */
export interface CascadeRecipe {
  readonly target: string | undefined;
  readonly small: NonNullable<Recipe['kind']>;
  readonly large: NetworkKind;
  readonly seed: number;
}

export interface CascadePorts {
  readonly python: Python;
  readonly signal: AbortSignal;
  readonly onProgress: (doing: string, done: number, total: number) => void;
}

const FOLDS = 5;

export const smallRecipe = ({ target, small, seed }: Omit<CascadeRecipe, 'large'>): Recipe => ({
  ...(target !== undefined && { target }),
  seed,
  kind: small,
  ...(small === 'svc' && { probability: true }),
});

/**
 * Every row of a table, answered by both models as fitted without the row's fold; and the large one's file, of the last fold.
 * @throws TrainingRefused where the target is no class, or the small kind has no probabilities
 */
export async function cascadeRows(
  { frame }: Table,
  { target, small, large, seed }: CascadeRecipe,
  { python, signal, onProgress }: CascadePorts,
): Promise<{ readonly rows: CascadeRows; readonly onnx: Uint8Array }> {
  const shared = { ...(target !== undefined && { target }), seed };
  const recipe = smallRecipe({ target, small, seed });
  const problem = poseProblem(frame, recipe);
  const { truth } = problem;
  if (truth.task !== 'classification') throw noClassifier(small);
  const [hyper] = candidatesOf(problem, recipe, seed);
  const classes = truth.labels.values.length;
  const rows = {
    truth: truth.positions,
    small: { classes, values: new Float64Array(frame.count * classes) },
    large: new Int32Array(frame.count),
    folds: new Int32Array(frame.count),
  };
  const parts = foldsOf(problem, range(0, frame.count), FOLDS, seededRandom(seed));
  let onnx = new Uint8Array();
  for (const [fold, chosen] of parts.entries()) {
    onProgress(`learning without fold ${fold + 1}`, fold, parts.length);
    const { model } = fitPipeline(problem, chosen.train, preparationRecipe('auto'), hyper ?? { seed });
    const own = probabilitiesIn(answersOn(model, problem, chosen.test), small);
    const posed = poseNetwork(frame, large, shared, chosen);
    const fitted = await fitNetwork(python, posed, { examples: new Float32Array(), onEpoch: () => {}, signal });
    const other = await fitted.score(chosen.test);
    onnx = new Uint8Array(fitted.trained.onnx);
    for (const [i, row] of chosen.test.entries()) {
      rows.small.values.set(own.subarray(i * classes, (i + 1) * classes), row * classes);
      rows.large[row] = largest(other.subarray(i * classes, (i + 1) * classes));
      rows.folds[row] = fold;
    }
  }
  return { rows, onnx };
}

function probabilitiesIn(answers: Answers, kind: string): Float64Array {
  if (answers.task === 'classification' && answers.probabilities) return answers.probabilities.values;
  throw noClassifier(kind);
}

const noClassifier = (found: string): TrainingRefused =>
  new TrainingRefused({ where: 'the small model of a cascade', rule: 'must answer probabilities of classes', found });

/** The first of equals. */
const largest = (values: Float32Array): number => values.indexOf(Math.max(...values));
