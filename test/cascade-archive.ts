import { tarOf } from './models/formats/triton/archive.ts';
import { referenceFile } from './reference.ts';

/** A logistic regression of digits whose pixels are from 0 to 1: LIBLINEAR's weights, softened. */
export function smallDigits(): object {
  const [head, weights] = new TextDecoder()
    .decode(referenceFile('models/liblinear-digits-lr.model').bytes)
    .split('\nw\n');
  const labels = (/^label (.*)$/m.exec(head ?? '')?.[1] ?? '').trim().split(' ').map(Number);
  const rows = (weights ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' ').map(Number));
  const of = (k: number, scale: number): number[] => rows.slice(0, 64).map((row) => (row[k] as number) * scale);
  return {
    modeldrop: 1,
    kind: 'logistic',
    features: Array.from({ length: 64 }, (_, i) => `p${i}`),
    labels,
    parameters: {
      coefficients: labels.map((_, k) => of(k, 16)),
      intercept: labels.map((_, k) => rows[64]?.[k] as number),
    },
  };
}

export const STATED = {
  modeldrop: 1,
  kind: 'cascade',
  small: 'small.json',
  large: 'digits-cnn.onnx',
  threshold: 0.999,
  temperature: 1,
  labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  scores: 'logits',
};

/** A cascade of digits in an archive: logistic regression, then the reference CNN. */
export const cascadeArchive = (
  stated: object = STATED,
  small: object = smallDigits(),
  ...more: { path: string; content: string }[]
): Uint8Array =>
  tarOf(
    { path: 'cascade.json', content: JSON.stringify(stated) },
    { path: 'small.json', content: JSON.stringify(small) },
    { path: 'digits-cnn.onnx', content: referenceFile('models/digits-cnn.onnx').bytes },
    ...more,
  );
