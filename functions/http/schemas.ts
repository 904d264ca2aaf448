import * as Type from 'typebox';
import type { Dialect } from './routes.ts';

const Name = Type.String();

const words = Type.String({ description: 'What was wrong, where, and what would be right.' });

const Plain = Type.Object({ error: words });

/** The bodies of errors by the name of their schema: `error` is in every one, beside what a dialect's clients read. */
export const errorBodies = {
  Error: Plain,
  MlflowError: Type.Object({ error: words, error_code: Type.String(), message: words }),
  SagemakerError: Type.Object({ error: words, ErrorCode: Type.String(), Message: words }),
} as const;

/** The statuses that functions answer, in their dialect's shape. The others may come from the gateway, in the plain one. */
const OF_FUNCTIONS = new Set([400, 404, 405, 409, 415, 422]);

/** The schema of a dialect's error. */
export function errorBodyOf(dialect: Dialect, status: number): keyof typeof errorBodies {
  if (!OF_FUNCTIONS.has(status)) return 'Error';
  if (dialect === 'mlflow') return 'MlflowError';
  return dialect === 'sagemaker' ? 'SagemakerError' : 'Error';
}

export const ModelList = Type.Object({ models: Type.Array(Name) });
export const Readiness = Type.Object({ name: Name, ready: Type.Boolean() });

/** Statuses that any route may answer besides its own, and what they mean. */
export const failures: Readonly<Record<number, string>> = {
  400: 'Not of the form that the protocol asks for',
  401: 'No key, or an unknown or revoked one',
  403: 'The key lacks the scope',
  404: 'No such thing, or not for this key',
  405: 'Not with this method',
  409: 'Somebody else was first, or the present state does not allow it',
  413: 'Too large; see uploads',
  415: 'An encoding, or an image, that is not read here; see Accept-Encoding, or Accept',
  422: 'Well formed, but not for this model',
  429: 'Too many requests; see Retry-After',
  500: 'Our fault; quote the request id',
  502: 'Our fault; quote the request id',
  503: 'Not ready; see Retry-After',
  504: 'Not done in time',
};
