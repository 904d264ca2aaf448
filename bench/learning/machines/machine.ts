/** What one trainer makes of one sample, as each program of this folder prints it. */
export interface Fitted {
  /** Of the first fit of a program, by the clock. */
  readonly first: number;
  /** Of the fastest fit alone, by the clock. */
  readonly seconds: number;
  /** Of the same, by the processor. */
  readonly processor: number;
  readonly vectors: number;
  /** Of all pairs of classes together. */
  readonly iterations?: number;
  /** Of all pairs together, where the trainer says it. Otherwise, what it is to be computed from: */
  readonly objective?: number;
  readonly machine?: Machine;
}

/** Support vectors class by class, in whatever order of classes. */
export interface Machine {
  /** Rows of the sample. */
  readonly indices: readonly number[];
  readonly perClass: readonly number[];
  /** LIBSVM's rows of y a: of class i against j > i in row j - 1, of class j against i in row i. */
  readonly coefficients: readonly (readonly number[])[];
}

/** The arguments of each program of this folder. */
export interface Task {
  readonly folder: string;
  readonly name: string;
  readonly C: number;
  readonly gamma: number;
  readonly tolerance: number;
  readonly times: number;
}

export const argumentsOf = ({ folder, name, C, gamma, tolerance, times }: Task): string[] => [
  folder,
  name,
  ...[C, gamma, tolerance, times].map(String),
];

export function taskOf([folder = '', name = '', ...numbers]: readonly string[]): Task {
  const [C = 1, gamma = 1, tolerance = 1e-3, times = 1] = numbers.map(Number);
  return { folder, name, C, gamma, tolerance, times };
}
