import type { Static, TSchema } from 'typebox';
import { MalformedRequest } from '../../models/errors.ts';
import { checker } from '../../models/schema.ts';
import { type Call, jsonBody } from './call.ts';

/** Reads a body that a schema describes whole. @throws MalformedRequest at the first place that breaks it */
export function checkedBody<S extends TSchema>(schema: S): (call: Call) => Static<S> {
  const check = checker(schema);
  return (call) => {
    const verdict = check(jsonBody(call), 'body');
    if (!verdict.ok) throw new MalformedRequest(verdict.breach);
    return verdict.value;
  };
}
