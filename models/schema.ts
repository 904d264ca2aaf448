import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/schema';
import type { Breach } from './errors.ts';

/** The first place in which a value breaks a schema. */
export type Verdict<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly breach: Breach };

/** A checker for one schema. It is compiled at the first use, so that a cold start pays only for what it checks. */
export function checker<S extends TSchema>(schema: S): (value: unknown, root: string) => Verdict<Static<S>> {
  let compiled: Validator | undefined;
  return (value, root) => {
    compiled ??= Compile(schema) as unknown as Validator;
    if (compiled.Check(value)) return { ok: true, value: value as Static<S> };
    return { ok: false, breach: firstBreach(compiled.Errors(value)[1], value, root) };
  };
}

type SchemaErrors = ReturnType<Validator['Errors']>[1];

function firstBreach(errors: SchemaErrors, value: unknown, root: string): Breach {
  // The deepest place is the most telling: a union reports its members' failures before its own.
  const [first] = [...errors].sort((a, b) => depth(b.instancePath) - depth(a.instancePath));
  if (first === undefined) return { where: root, rule: 'breaks its schema' };
  const where = root + dotted(first.instancePath);
  if (first.keyword === 'boolean') return { where, rule: 'is not a known property' };
  return { where, rule: allowedBy(errors, first) ?? first.message, found: at(value, first.instancePath) };
}

/** The values that are right in that place, where they are stated one by one. */
function allowedBy(errors: SchemaErrors, { instancePath, keyword }: SchemaErrors[number]): string | undefined {
  if (keyword !== 'const' && keyword !== 'enum') return undefined;
  const allowed = errors.flatMap((error) => {
    if (error.instancePath !== instancePath) return [];
    if (error.keyword === 'const') return [error.params.allowedValue];
    return error.keyword === 'enum' ? error.params.allowedValues : [];
  });
  const words = [...new Set(allowed.map((each) => JSON.stringify(each)))];
  if (words.length > MOST_WORDS) return undefined;
  return words.length > 2 ? `must be one of ${words.join(', ')}` : `must be ${words.join(' or ')}`;
}

/** Values that are named: more of them are a list to look up. */
const MOST_WORDS = 16;

const segments = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

const depth = (pointer: string): number => segments(pointer).length;

const dotted = (pointer: string): string =>
  segments(pointer)
    .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
    .join('');

const at = (value: unknown, pointer: string): unknown =>
  segments(pointer).reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], value);
