import { createRequire } from 'node:module';
import type { Sample } from './samples.ts';
import { type Timed, timed } from './timed.ts';

interface Matrix {
  to2DArray(): number[][];
}

const load = createRequire(new URL('./peers/package.json', import.meta.url));

/** Steps of gradient descent: it knows no other end. */
export const STEPS = 200;

/**
 * ml-logistic-regression of npm, without a penalty: weights `[width + 1]`, the intercept last, which it takes as one more
 * column. Undefined where it is not installed.
 */
export function npmLogistic({ rows: { count, width, values }, targets }: Sample): Timed<number[]> | undefined {
  const peers = (() => {
    try {
      return { fitting: load('ml-logistic-regression'), matrix: load('ml-matrix') };
    } catch {
      return undefined;
    }
  })();
  if (!peers) return undefined;
  const { Matrix } = peers.matrix;
  const LogisticRegression = peers.fitting.default ?? peers.fitting;
  const features = Matrix.zeros(count, width + 1);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < width; k++) features.set(row, k, values[row * width + k]);
    features.set(row, width, 1);
  }
  const truth = Matrix.columnVector(Array.from(targets, (target) => Number(target > 0)));
  // The longest step that never overshoots: the loss bends by count / 4 times the columns' largest variance at most.
  const learningRate = 2 / count;
  return timed(() => {
    const model = new LogisticRegression({ numSteps: STEPS, learningRate });
    model.train(features, truth);
    // Its classifiers each tell all other classes from one: the first tells class 1 from class 0.
    const [first] = model.classifiers as { weights: Matrix }[];
    return first?.weights.to2DArray()[0] ?? [];
  }, 1);
}
