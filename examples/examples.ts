import { build as defaultRisk } from './default-risk/example.ts';
import { build as diabetes } from './diabetes/example.ts';
import { build as diagnosis } from './diagnosis/example.ts';
import { build as digitsCascade } from './digits-cascade/example.ts';
import { build as digitsCnn } from './digits-cnn/example.ts';
import { build as digitsRnn } from './digits-rnn/example.ts';
import { build as digitsSvm } from './digits-svm/example.ts';
import type { BuiltExample } from './example.ts';
import { build as iris } from './iris/example.ts';
import { build as linearRegression } from './linear-regression/example.ts';

export interface BundledExample {
  readonly name: string;
  /** Trains where there is something to train. */
  build(): Promise<BuiltExample>;
}

/** The examples that come with the house, in the order in which they are shown. */
export const examples: readonly BundledExample[] = [
  { name: 'linear-regression', build: linearRegression },
  { name: 'diagnosis', build: diagnosis },
  { name: 'iris', build: iris },
  { name: 'diabetes', build: diabetes },
  { name: 'digits-svm', build: digitsSvm },
  { name: 'default-risk', build: defaultRisk },
  { name: 'digits-cnn', build: digitsCnn },
  { name: 'digits-rnn', build: digitsRnn },
  { name: 'digits-cascade', build: digitsCascade },
];
