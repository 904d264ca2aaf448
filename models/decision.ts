import * as Type from 'typebox';
import { ModelFileRefused } from './errors.ts';
import type { Scorer } from './kinds/scorer.ts';
import { type Labels, labelTensor } from './labels.ts';
import type { NativeModel } from './native.ts';
import type { Tensor } from './tensor.ts';

export const Positive = Type.Union([Type.String(), Type.Number()], {
  description: 'Of two labels the one that is looked for: what threshold, average precision and curves speak of.',
});
export const Threshold = Type.Number({
  exclusiveMinimum: 0,
  exclusiveMaximum: 1,
  description:
    'The positive label is answered where its probability is at least that; without one, the likelier label.',
});

/** When a classifier of two labels says yes. */
export interface Decision {
  readonly positive?: string | number | undefined;
  readonly threshold?: number | undefined;
}

/**
 * A model with the decision that its drop states; without a positive label, the second is looked for.
 * @throws ModelFileRefused as `decide`
 */
export function decided(model: NativeModel, { positive, threshold }: Decision): NativeModel {
  if (positive === undefined && threshold === undefined) return model;
  const { labels, scorer } = model;
  const stated = positive ?? model.positive ?? labels?.values[1];
  const label = labels?.values.find((one) => String(one) === String(stated)) ?? stated;
  const decision = { positive: label, threshold: threshold ?? model.threshold };
  return {
    ...model,
    scorer: decide({ scorer, labels, where: 'drop.json' }, decision),
    ...(label !== undefined && { positive: label }),
    ...(decision.threshold !== undefined && { threshold: decision.threshold }),
  };
}

/** What a file says of itself, as far as a decision depends on it. */
interface Scored {
  readonly scorer: Scorer;
  readonly labels: Labels | undefined;
  readonly where: string;
}

/**
 * The scorer, answering by the decision: `predict` states the two in its parameters.
 * @throws ModelFileRefused for a positive that is no label, more than two labels, or a threshold without probabilities
 */
export function decide({ scorer, labels, where }: Scored, { positive, threshold }: Decision): Scorer {
  if (positive === undefined && threshold === undefined) return scorer;
  const [first, second, ...more] = labels?.values ?? [];
  if (labels === undefined || second === undefined || more.length > 0) {
    const found = labels === undefined ? 'none' : labels.values.length;
    throw new ModelFileRefused({ where: `${where}.positive`, rule: 'is for a model of two labels', found });
  }
  const position = (labels.values as readonly unknown[]).indexOf(positive);
  if (position === -1) {
    const rule = `must be one of the labels ${JSON.stringify(first)} and ${JSON.stringify(second)}`;
    throw new ModelFileRefused({ where: `${where}.positive`, rule, found: positive });
  }
  if (threshold === undefined) return scorer;
  if (!scorer.outputs.some(({ name }) => name === 'predict_proba')) {
    throw new ModelFileRefused({
      where: `${where}.threshold`,
      rule: 'must be absent: this model has no probabilities',
      found: threshold,
    });
  }
  return {
    ...scorer,
    outputs: scorer.outputs.map((spec) =>
      spec.name === 'predict' ? { ...spec, parameters: { ...spec.parameters, positive, threshold } } : spec,
    ),
    score(rows) {
      const outputs = new Map(scorer.score(rows));
      const { data } = outputs.get('predict_proba') as Tensor;
      const answers = Int32Array.from({ length: rows.count }, (_, row) =>
        (data[2 * row + position] as number) >= threshold ? position : 1 - position,
      );
      return outputs.set('predict', labelTensor(labels, answers));
    },
  };
}
