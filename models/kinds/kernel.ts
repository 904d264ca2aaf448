import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { distances, type Places, paddedCount, products, type VectorLoop } from './products.ts';
import type { Vectors } from './vectors.ts';

/** A kernel function k(x, s) of a row and a support vector, with LIBSVM's parameters. */
export type Kernel =
  | { readonly name: 'linear' }
  | { readonly name: 'polynomial'; readonly gamma: number; readonly coef0: number; readonly degree: number }
  | { readonly name: 'rbf'; readonly gamma: number }
  | { readonly name: 'sigmoid'; readonly gamma: number; readonly coef0: number };

export type KernelName = Kernel['name'];

const NAMES: readonly KernelName[] = ['linear', 'polynomial', 'rbf', 'sigmoid'];

export const KernelParameters = Type.Object(
  {
    name: Type.Unsafe<KernelName>({ type: 'string', enum: NAMES }),
    gamma: Type.Optional(Type.Number({ minimum: 0 })),
    coef0: Type.Optional(Type.Number()),
    degree: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  },
  {
    additionalProperties: false,
    description: 'x s · (gamma x s + coef0)^degree · exp(-gamma |x - s|^2) · tanh(gamma x s + coef0)',
  },
);
export type KernelParameters = Static<typeof KernelParameters>;

/** What each kernel must state. */
const needed = {
  linear: [],
  polynomial: ['gamma', 'coef0', 'degree'],
  rbf: ['gamma'],
  sigmoid: ['gamma', 'coef0'],
} as const satisfies Record<KernelName, readonly (keyof KernelParameters)[]>;

/** @throws ModelFileRefused where a number that the kernel needs is missing */
export function parseKernel(parameters: KernelParameters, where: string): Kernel {
  const { name, gamma = 0, coef0 = 0, degree = 0 } = parameters;
  const missing = needed[name].find((key) => parameters[key] === undefined);
  if (missing !== undefined) throw new ModelFileRefused({ where, rule: `must state ${missing} for kernel ${name}` });
  switch (name) {
    case 'linear':
      return { name };
    case 'rbf':
      return { name, gamma };
    case 'sigmoid':
      return { name, gamma, coef0 };
    case 'polynomial':
      return { name, gamma, coef0, degree };
  }
}

/** The kernel of a row with every vector, left at `places.out` of the kernels' memory. */
export function kernelLoop(kernel: Kernel, vectors: Vectors, kernels: Kernels, places: Places): VectorLoop {
  const measure = (kernel.name === 'rbf' ? distances : products)(vectors, kernels, places);
  const shape = shapeOf(kernel, paddedCount(vectors), kernels, places);
  return (values, start) => {
    measure(values, start);
    shape();
  };
}

/** Turns products or distances into values of the kernel, in place. */
function shapeOf(kernel: Kernel, count: number, kernels: Kernels, { out }: Places): () => void {
  switch (kernel.name) {
    case 'linear':
      return () => {};
    case 'rbf':
      return () => kernels.exponentials(out, count, -kernel.gamma);
    case 'polynomial':
      return () => kernels.powers(out, count, kernel.gamma, kernel.coef0, kernel.degree);
    case 'sigmoid': {
      const values = new Float64Array(kernels.memory, out, count);
      return () => {
        for (let i = 0; i < count; i++) values[i] = Math.tanh(kernel.gamma * (values[i] as number) + kernel.coef0);
      };
    }
  }
}
