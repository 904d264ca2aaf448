import type { Static } from 'typebox';
import * as Type from 'typebox';
import { fp64 } from '../tensor.ts';
import { affine, affineValues } from './affine.ts';
import { affineExplainer } from './explain/affine-explainer.ts';
import type { Scorer } from './scorer.ts';

/** From the linear predictor to the answer: the inverse of the link function of a generalized linear model. */
export const links = {
  identity: (eta: number) => eta,
  logit: (eta: number) => 1 / (1 + Math.exp(-eta)),
  log: (eta: number) => Math.exp(eta),
  inverse: (eta: number) => 1 / eta,
} as const;

/** What contributions are measured in: they sum before the link. */
const scales = { identity: 'value', logit: 'log_odds', log: 'log', inverse: 'inverse' } as const satisfies Record<
  Link,
  string
>;

export type Link = keyof typeof links;

export const LinearParameters = Type.Object(
  {
    coefficients: Type.Array(Type.Array(Type.Number()), {
      minItems: 1,
      description: 'One row a target, one number a feature, after preparation.',
    }),
    intercept: Type.Array(Type.Number(), { minItems: 1, description: 'One number a target.' }),
    link: Type.Optional(
      Type.Unsafe<Link>({
        type: 'string',
        enum: Object.keys(links),
        default: 'identity',
        description: 'Link function g of a generalized linear model: g(answer) = coefficients x + intercept.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type LinearParameters = Static<typeof LinearParameters>;

/**
 * T affine functions and the inverse of their link. Output `predict`: FP64 `[-1]`, or `[-1, T]` for several targets.
 * @param width number of prepared columns
 * @param where place of the parameters, for errors
 * @throws ModelFileRefused where coefficients and intercept do not fit the features
 */
export function linearScorer(
  { coefficients, intercept, link = 'identity' }: LinearParameters,
  width: number,
  where: string,
): Scorer {
  const targets = coefficients.length;
  const functions = affine(coefficients, intercept, { width, where });
  const shapeOf = (count: number) => (targets === 1 ? [count] : [count, targets]);
  const answer = links[link];
  return {
    outputs: [{ name: 'predict', datatype: 'FP64', shape: shapeOf(-1) }],
    explaining: affineExplainer(functions, scales[link]),
    formula: { name: 'linear', functions, link },
    score(rows) {
      const values = affineValues(functions, rows);
      if (link !== 'identity') for (let i = 0; i < values.length; i++) values[i] = answer(values[i] as number);
      return new Map([['predict', fp64(shapeOf(rows.count), values)]]);
    },
  };
}
