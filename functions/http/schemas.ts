import { Type } from 'typebox';

const Name = Type.String();

export const ErrorBody = Type.Object(
  { error: Type.String({ description: 'What was wrong, where, and what would be right.' }) },
  { additionalProperties: true, description: 'MLflow and SageMaker routes add the fields that their clients read.' },
);

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
  415: 'An encoding that is not known',
  422: 'Well formed, but not for this model',
  429: 'Too many requests; see Retry-After',
  500: 'Our fault; quote the request id',
  502: 'Our fault; quote the request id',
  503: 'Not ready; see Retry-After',
  504: 'Not done in time',
};
