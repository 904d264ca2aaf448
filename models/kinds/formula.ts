import type { Labels } from '../labels.ts';
import type { Affine } from './affine.ts';
import type { Link } from './linear.ts';
import type { Svm } from './svm-machine.ts';

/** What a scorer computes, as data: for whoever writes it down in another language. */
export type Formula =
  | { readonly name: 'linear'; readonly functions: Affine; readonly link: Link }
  | { readonly name: 'logistic'; readonly functions: Affine; readonly labels: Labels }
  | {
      readonly name: 'one-vs-rest';
      readonly functions: Affine;
      readonly labels: Labels;
      /** Whether the functions are log-odds. */
      readonly probable: boolean;
    }
  | { readonly name: 'svm'; readonly svm: Svm };
