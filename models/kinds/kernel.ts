import type { Static } from 'typebox';
import * as Type from 'typebox';
import { ModelFileRefused } from '../errors.ts';
import { distances, products, type VectorLoop } from './products.ts';
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

/** The kernel of a row with every vector. */
export function kernelLoop(kernel: Kernel, vectors: Vectors): VectorLoop {
  switch (kernel.name) {
    case 'linear':
      return products(vectors);
    case 'rbf':
      return rbf(kernel, vectors);
    case 'sigmoid':
      return sigmoid(kernel, vectors);
    case 'polynomial':
      return polynomial(kernel, vectors);
  }
}

type Of<Name extends KernelName> = Extract<Kernel, { name: Name }>;

function rbf({ gamma }: Of<'rbf'>, vectors: Vectors): VectorLoop {
  const measure = distances(vectors);
  return (values, start, out) => {
    measure(values, start, out);
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(-gamma * (out[i] as number));
  };
}

function sigmoid({ gamma, coef0 }: Of<'sigmoid'>, vectors: Vectors): VectorLoop {
  const multiply = products(vectors);
  return (values, start, out) => {
    multiply(values, start, out);
    for (let i = 0; i < out.length; i++) out[i] = Math.tanh(gamma * (out[i] as number) + coef0);
  };
}

function polynomial({ gamma, coef0, degree }: Of<'polynomial'>, vectors: Vectors): VectorLoop {
  const multiply = products(vectors);
  return (values, start, out) => {
    multiply(values, start, out);
    for (let i = 0; i < out.length; i++) out[i] = (gamma * (out[i] as number) + coef0) ** degree;
  };
}
