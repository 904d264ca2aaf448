import type { Static, TSchema } from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import type { Labels } from '../labels.ts';
import { checker } from '../schema.ts';
import { LinearParameters, linearScorer } from './linear.ts';
import { LogisticParameters, logisticScorer } from './logistic.ts';
import type { Scorer } from './scorer.ts';
import { svmScorer } from './svm.ts';
import { parseSvm, SvmParameters } from './svm-parameters.ts';

/** What a model says beside its parameters. `width` counts prepared columns; `where` is the place of the parameters. */
export interface KindContext {
  readonly width: number;
  readonly labels: Labels | undefined;
  readonly where: string;
}

/** A kind of model: how its parameters look, and how they become arithmetic. */
export interface Kind {
  readonly parameters: TSchema;
  /** @throws ModelFileRefused where the parameters break their schema, or do not fit features and labels */
  build(parameters: unknown, context: KindContext): Scorer;
}

function kind<S extends TSchema>(schema: S, build: (parameters: Static<S>, context: KindContext) => Scorer): Kind {
  const check = checker(schema);
  return {
    parameters: schema,
    build(parameters, context) {
      const verdict = check(parameters, context.where);
      if (!verdict.ok) throw new ModelFileRefused(verdict.breach);
      return build(verdict.value, context);
    },
  };
}

/** The kinds that score in process. */
export const kinds = {
  linear: kind(LinearParameters, (parameters, { width, labels, where }) => {
    refuseLabels(labels, 'linear', where);
    return linearScorer(parameters, width, where);
  }),
  logistic: kind(LogisticParameters, (parameters, { width, labels, where }) => {
    if (labels === undefined) throw new ModelFileRefused({ where, rule: 'of kind logistic needs labels' });
    return logisticScorer(parameters, labels, width, where);
  }),
  svm: kind(SvmParameters, (parameters, context) => {
    const { type } = parameters;
    if (type !== 'c_svc' && type !== 'nu_svc') refuseLabels(context.labels, type, context.where);
    return svmScorer(parseSvm(parameters, context.labels, context));
  }),
} as const;

export type KindName = keyof typeof kinds;

function refuseLabels(labels: Labels | undefined, kind: string, where: string): void {
  if (labels !== undefined) {
    throw new ModelFileRefused({ where, rule: `of kind ${kind} must not come with labels`, found: labels.values });
  }
}
