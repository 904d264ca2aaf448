import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { excerpt, MalformedRequest, ModeldropError, UnfitInput } from '../../models/errors.ts';

const root = join(import.meta.dirname, '../..');

describe('errors', () => {
  it('say where, which rule, and what was found', () => {
    const { message, status } = new MalformedRequest({ where: 'inputs[0].shape', rule: 'must be an array', found: 3 });
    expect(message).toBe('inputs[0].shape must be an array, got 3');
    expect(status).toBe(400);
    expect(new UnfitInput({ where: 'row 1', rule: 'must be finite' }).message).toBe('row 1 must be finite');
  });

  it('keep their facts and their cause', () => {
    const cause = new Error('inner');
    const error = new MalformedRequest({ where: 'body', rule: 'must be JSON' }, { cause });
    expect(error.facts).toEqual({ where: 'body', rule: 'must be JSON' });
    expect(error.cause).toBe(cause);
    expect(error).toBeInstanceOf(ModeldropError);
  });

  it('are named after their class, which a minified bundle forgets', () => {
    const sources = ['models', 'adapters', 'functions', 'infra/local'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(root, room, file), 'utf8')),
    );
    const named = sources.flatMap((source) => [
      ...source.matchAll(/class (\w+) extends \w+ \{\n {2}override readonly name(?:: string)? = '(\w+)'/g),
    ]);
    expect(named.length).toBeGreaterThan(30);
    for (const [, written, name] of named) expect(name).toBe(written);
  });
});

describe('an excerpt of a value', () => {
  it.each([
    ['text', '"text"'],
    ['x'.repeat(500), `"${'x'.repeat(78)}…`],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 2, 3], 'an array of 3'],
    [{ a: 1 }, 'an object'],
    [10n, '10'],
  ])('of %o is %s', (value, text) => {
    expect(excerpt(value)).toBe(text);
  });
});
