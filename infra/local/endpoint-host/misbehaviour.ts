import {
  internalDependency,
  modelError,
  notReady,
  type RuntimeError,
  throttled,
  unavailable,
} from './runtime-error.ts';

/** What an endpoint can be told to do wrong, for tests. */
export const FAULTS = [
  'throttle',
  'not-ready',
  'unavailable',
  'dependency',
  'model-400',
  'model-500',
  'out-of-memory',
  'hang',
  'slow',
  'reset',
  'garbage',
  'wrong-shape',
  'truncated',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Faults still to come, one a call. */
export interface Misbehaviour {
  readonly next: () => Fault | undefined;
  readonly tell: (fault: Fault, times: number) => void;
}

export function misbehaviour(): Misbehaviour {
  const coming: Fault[] = [];
  return {
    next: () => coming.shift(),
    tell(fault, times) {
      coming.length = 0;
      for (let i = 0; i < times; i++) coming.push(fault);
    },
  };
}

/** The faults that are errors of the API. */
export function errorOf(fault: Fault, target: string): RuntimeError | undefined {
  switch (fault) {
    case 'throttle':
      return throttled;
    case 'not-ready':
      return notReady(target);
    case 'unavailable':
      return unavailable;
    case 'dependency':
      return internalDependency;
    case 'model-400':
      return modelError(400, 'unexpected shape for input');
    case 'model-500':
      return modelError(500, 'CUDA error');
    case 'out-of-memory':
      return modelError(507, 'no memory left on the device');
    default:
      return undefined;
  }
}
