import type { Baseline } from './baseline.ts';
import type { Card, Metrics } from './card.ts';
import { UnfitInput } from './errors.ts';
import type { KindName } from './kinds/kinds.ts';
import type { Scorer } from './kinds/scorer.ts';
import type { Labels } from './labels.ts';
import type { Predictor } from './predictor.ts';
import { type Preparation, prepare } from './preparation.ts';
import type { Rows } from './rows.ts';
import { conform, type Signature } from './signature.ts';
import type { Tensors } from './tensor.ts';

/** A model that this house scores itself, as its format's reader found it. */
export interface NativeModel {
  readonly kind: KindName;
  readonly features: readonly string[];
  readonly labels?: Labels;
  readonly preparation: Preparation;
  readonly scorer: Scorer;
  readonly baseline?: Baseline;
  readonly metrics?: Metrics;
  readonly card?: Card;
}

/** The one input of an all-numeric model. */
export const INPUT = 'input';

export const signatureOf = ({ features, scorer }: NativeModel): Signature => ({
  inputs: [{ name: INPUT, datatype: 'FP64', shape: [-1, features.length] }],
  outputs: [...scorer.outputs],
});

export function nativePredictor(model: NativeModel): Predictor {
  const { features, preparation, scorer } = model;
  const signature = signatureOf(model);
  return {
    signature,
    async predict(inputs, signal) {
      signal.throwIfAborted();
      const rows = rowsOf(conform(signature, inputs), features.length);
      checkFinite(features, rows);
      const outputs = scorer.score(prepare(preparation, rows));
      checkDecided(outputs, rows.count);
      return outputs;
    },
    async close() {},
  };
}

/** The rows of an all-numeric model's one input. */
export function rowsOf(inputs: Tensors, width: number): Rows {
  const values = inputs.get(INPUT)?.data as Float64Array;
  return { count: values.length / width, width, values };
}

function checkFinite(features: readonly string[], { values, width }: Rows): void {
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) {
      throw new UnfitInput({
        where: `row ${Math.floor(at / width)}, feature ${JSON.stringify(features[at % width])}`,
        rule: 'must be a finite number: this model takes no missing values',
        found: values[at],
      });
    }
  }
}

/** Values so large that a score is infinity less infinity have no answer, and no label may be read out of one. */
function checkDecided(outputs: Tensors, count: number): void {
  for (const [name, { datatype, data }] of outputs) {
    if (datatype !== 'FP64') continue;
    const at = data.findIndex(Number.isNaN);
    if (at < 0) continue;
    const row = Math.floor(at / (data.length / count));
    throw new UnfitInput({
      where: `row ${row}`,
      rule: `must hold values small enough to be scored: ${name} is no number`,
    });
  }
}
