import { readFileSync } from 'node:fs';
import type { ModelFile } from '../models/formats/format.ts';

const folder = new URL('./reference/', import.meta.url);

/** A file of `test/reference`, such as `models/libsvm-iris-linear.model`. */
export const referenceFile = (path: string): ModelFile => ({
  name: path.split('/').at(-1) as string,
  bytes: readFileSync(new URL(path, folder)),
});

export const referenceJson = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as T;

/** What LIBSVM itself answers to `input`. */
export interface LibsvmAnswers {
  readonly input: number[][];
  readonly labels?: number[];
  readonly prediction: number[];
  readonly decision_values: number[][];
  readonly probabilities?: number[][];
}
