import type { ModelJson } from '../../../../../models/formats/model-json.ts';
import { seeded } from '../../../../seeded.ts';

type Kind = 'number' | 'text';
type Step = NonNullable<ModelJson['preparation']>[number];
type Row = readonly (number | string)[];

/** A model of a random preparation and kind, and rows for it: with gaps, unknown categories and large values. */
export interface RandomPipeline {
  readonly model: ModelJson;
  /** One value a feature; NaN or an empty text where it is missing. */
  readonly rows: readonly Row[];
}

const CATEGORIES = ['L', 'M', 'S', 'grün', '😀', 'a b', '0'];
const WORDS = ['red', 'blue', 'the', 'straße', 'été', 'x1', '_a', '中文', 'οδός'];
/** Also names as the writer itself gives, and the name of the one input of other models. */
const NAMES = ['age', 'Gather_3', 'input', 'two words', 'größe', 'x0', 'reals_9', 'body'];
const LABELS = [
  [0, 1, 2, 3],
  ['no', 'yes', 'maybe', '01'],
];

/** Random, but the same for the same seed. */
export function randomPipeline(seed: number, rows = 12): RandomPipeline {
  const dice = diceOf(seed);
  const isMixed = dice.maybe(0.6);
  const columns = NAMES.slice(0, 1 + dice.below(NAMES.length)).map((name): [string, Kind] => [
    name,
    isMixed && dice.maybe(0.5) ? 'text' : 'number',
  ]);
  const texts = columns.filter(([, kind]) => kind === 'text');
  const { steps, width } = preparationOf(columns, dice);
  const model: ModelJson = {
    modeldrop: 1,
    features: columns.map(([name]) => name),
    ...(texts.length > 0 && { types: Object.fromEntries(texts.map(([name]) => [name, 'text' as const])) }),
    ...(steps.length > 0 && { preparation: steps }),
    ...kindOf(width, dice),
  };
  return { model, rows: Array.from({ length: rows }, () => columns.map(([, kind]) => cellOf(kind, dice))) };
}

type Dice = ReturnType<typeof diceOf>;

function diceOf(seed: number) {
  const next = seeded(seed);
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    maybe: (probability: number): boolean => next() < probability,
    oneOf: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    number: (): number => 4 * next() - 2,
    positive: (): number => 0.1 + 2 * next(),
    some: <T>(items: readonly T[]): T[] => items.filter(() => next() < 0.7),
  };
}

function cellOf(kind: Kind, dice: Dice): number | string {
  if (dice.maybe(0.12)) return kind === 'number' ? Number.NaN : '';
  if (kind === 'number') return dice.maybe(0.1) ? dice.number() * 10 ** dice.below(100) : dice.number();
  if (dice.maybe(0.5)) return dice.maybe(0.1) ? 'unheard of' : dice.oneOf(CATEGORIES);
  return Array.from({ length: dice.below(8) }, () => dice.oneOf([...WORDS, 'RED', 'Blue', 'STRASSE', 'ÉTÉ', 'a'])).join(
    dice.oneOf([' ', ', ', '-', '\n']),
  );
}

function preparationOf(columns: readonly (readonly [string, Kind])[], dice: Dice): { steps: Step[]; width: number } {
  const steps: Step[] = [];
  let headers = [...columns];
  const numbers = () => headers.flatMap(([name, kind]) => (kind === 'number' ? [name] : []));
  const append = (...names: string[]) => headers.push(...names.map((name): [string, Kind] => [name, 'number']));

  const gaps = dice.some(headers);
  if (gaps.length > 0) {
    const indicator = dice.maybe(0.4);
    const values = gaps.map(([, kind]) => (kind === 'number' ? dice.number() : dice.oneOf(['', 'L', 'new'])));
    steps.push({ step: 'impute', columns: gaps.map(([name]) => name), values, ...(indicator && { indicator }) });
    if (indicator) append(...gaps.map(([name]) => `${name} missing`));
  }
  const scale = () => {
    const scaled = dice.some(numbers());
    if (scaled.length > 0) steps.push(scaleOf(scaled, dice));
  };
  scale();
  for (const [name] of headers.filter(([, kind]) => kind === 'text')) {
    headers = headers.filter(([other]) => other !== name);
    const step = encodingOf(name, dice);
    steps.push(step);
    if (step.step === 'ordinal') append(name);
    if (step.step === 'tf-idf') append(...step.vocabulary.map((word) => `${name}:${word}`));
    if (step.step === 'one-hot') {
      const levels = step.categories[0] as string[];
      append(...levels.slice(step.drop ? 1 : 0).map((level) => `${name}=${level}`));
    }
  }
  scale();
  return { steps, width: headers.length };
}

function scaleOf(columns: string[], dice: Dice): Step {
  const offset = columns.map(dice.number);
  const scale = columns.map(dice.positive);
  const step = dice.oneOf(['standardize', 'min-max', 'robust'] as const);
  if (step === 'standardize') return { step, columns, mean: offset, scale };
  return step === 'robust' ? { step, columns, center: offset, scale } : { step, columns, min: offset, scale };
}

function encodingOf(name: string, dice: Dice): Step {
  const step = dice.oneOf(['one-hot', 'ordinal', 'tf-idf'] as const);
  const categories = [CATEGORIES.slice(0, 2 + dice.below(CATEGORIES.length - 2))];
  if (step === 'tf-idf') {
    const vocabulary = WORDS.slice(0, 1 + dice.below(WORDS.length));
    return { step, column: name, vocabulary, idf: vocabulary.map(dice.positive) };
  }
  if (step === 'ordinal') return { step, columns: [name], categories, unknown: dice.oneOf(['refuse', -1, 0.1]) };
  const drop = dice.maybe(0.3);
  const unknown = dice.oneOf(['zeros', 'zeros', 'refuse'] as const);
  return { step, columns: [name], categories, unknown, ...(drop && { drop: 'first' }) };
}

function kindOf(width: number, dice: Dice): Pick<ModelJson, 'kind' | 'labels' | 'parameters'> {
  const row = (length: number): number[] => Array.from({ length }, dice.number);
  const table = (height: number, length: number): number[][] => Array.from({ length: height }, () => row(length));
  const labels = dice.oneOf(LABELS).slice(0, 2 + dice.below(3));
  const classes = labels.length;
  switch (dice.oneOf(['linear', 'logistic', 'svc', 'svc', 'single'] as const)) {
    case 'linear': {
      const targets = 1 + dice.below(3);
      const link = dice.oneOf(['identity', 'logit', 'log', 'inverse']);
      return { kind: 'linear', parameters: { coefficients: table(targets, width), intercept: row(targets), link } };
    }
    case 'logistic': {
      const vectors = classes === 2 ? 1 : classes;
      const parameters = { coefficients: table(vectors, width), intercept: row(vectors) };
      return { kind: 'logistic', labels, parameters };
    }
    case 'svc': {
      const supportVectorsPerClass = labels.map(() => dice.below(5));
      const count = supportVectorsPerClass.reduce((sum, size) => sum + size, 0);
      const pairs = (classes * (classes - 1)) / 2;
      const probability = dice.maybe(0.6) && { probability: { a: row(pairs), b: row(pairs) } };
      const parameters = {
        type: dice.oneOf(['c_svc', 'nu_svc']),
        kernel: kernelOf(dice),
        supportVectors: table(count, width),
        coefficients: table(classes - 1, count),
        rho: row(pairs),
        supportVectorsPerClass,
        ...probability,
      };
      return { kind: 'svm', labels, parameters };
    }
    case 'single': {
      const count = dice.below(12);
      const type = dice.oneOf(['one_class', 'epsilon_svr', 'nu_svr']);
      const parameters = { type, kernel: kernelOf(dice), supportVectors: table(count, width) };
      return { kind: 'svm', parameters: { ...parameters, coefficients: [row(count)], rho: row(1) } };
    }
  }
}

const kernelOf = (dice: Dice) =>
  dice.oneOf([
    { name: 'linear' },
    { name: 'polynomial', gamma: dice.positive(), coef0: dice.number(), degree: dice.below(4) },
    { name: 'rbf', gamma: dice.positive() / 4 },
    { name: 'sigmoid', gamma: dice.positive() / 4, coef0: dice.number() },
  ]);
