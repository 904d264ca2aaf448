import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedRequest } from '../../models/errors.ts';
import { MAX_DEPTH, parseJson } from '../../models/json.ts';

const refusal = (text: string): string => {
  try {
    parseJson(text, 'body');
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedRequest);
    return (error as Error).message;
  }
  throw new Error(`was taken: ${text.slice(0, 60)}`);
};

const grammatical = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('reading JSON strictly', () => {
  it('reads every document that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(parseJson(text, 'body')).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes of garbled documents exactly what JSON.parse takes', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0.5e3',
      'true',
      'null',
      ' ',
      '\n',
      '"',
      '\\',
      'x',
      '01',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        if (grammatical(text)) {
          // All that is left to refuse is a key stated twice.
          const twice = /("[ab]").*\1/.test(text);
          if (!twice) expect(parseJson(text, 'body')).toEqual(JSON.parse(text));
        } else expect(refusal(text)).toContain('must be JSON: expected');
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['0', '-0', '1e400', '"a"', '[]', '{}', 'null', ' [1 , 2 ] ', '{"a":{"a":{"a":1}}}', '[{"a":1},{"a":1}]'])(
    'takes %s',
    (text) => expect(parseJson(text, 'body')).toEqual(JSON.parse(text)),
  );

  it.each([
    '{"__proto_":1}',
    '{"a":"__proto__"}',
    '{"a:b":1}',
    '{"":1}',
    '["{\\"a\\":1,\\"a\\":2}"]',
    '{"a\\"b":1,"a":2}',
  ])('takes %s, which only looks wrong', (text) => expect(parseJson(text, 'body')).toEqual(JSON.parse(text)));

  it.each([
    ['{"a":1,"a":2}', 'body.a must not be stated twice'],
    ['{"a":1,"a":1}', 'body.a must not be stated twice'],
    ['{"a":1,"\\u0061":2}', 'body.a must not be stated twice'],
    ['{"inputs":[{},{"name":"x","name":"y"}]}', 'body.inputs[1].name must not be stated twice'],
    ['{"a":{"b":{"c":1}},"a":{"b":1}}', 'body.a must not be stated twice'],
    ['{"a":[{"":1,"":2}]}', 'body.a[0]. must not be stated twice'],
  ])('refuses %s', (text, message) => expect(refusal(text)).toBe(message));

  it.each(['{"__proto__":{"admin":true}}', '{"a":[{"\\u005f_proto__":1}]}', '{"\\u005F\\u005Fproto\\u005f_":null}'])(
    'refuses the key __proto__ in %s',
    (text) => expect(refusal(text)).toContain('__proto__ is no key that is taken'),
  );

  it.each(['"\\ud800"', '["\\uDC00"]', '{"\\ud83d":1}', '["\\ud83d\\u0041"]', '"\ud800"', '{"a":["b","\\udfff"]}'])(
    'refuses half of a surrogate pair in %j',
    (text) => expect(refusal(text)).toContain('half of a surrogate pair'),
  );

  it('takes whole surrogate pairs, escaped or not', () => {
    expect(parseJson('["\\ud83d\\ude00","😀","\\u00e9"]', 'body')).toEqual(['😀', '😀', 'é']);
  });

  it.each([
    ['', 'body must be JSON: expected a value at line 1, column 1'],
    ['{"a":[1,2,x]}', 'body.a[2] must be JSON: expected a value at line 1, column 11, got "x]}"'],
    ['{\n "a": 1\n "b": 2}', 'body must be JSON: expected "}" at line 3, column 2, got "\\"b\\": 2}"'],
    ['{"a":"b', 'body.a must be JSON: expected a closing quote at line 1, column 8'],
    ['{a:1}', 'body must be JSON: expected a key in double quotes at line 1, column 2, got "a:1}"'],
    ['[1] 2', 'body must be JSON: expected the end at line 1, column 5, got "2"'],
    ['["\t"]', 'body[0] must be JSON: expected a string without raw control characters or unknown escapes at line 1'],
    ['[NaN]', 'body[0] must be JSON: expected a value at line 1, column 2, got "NaN]"'],
  ])('names the place of the fault in %j', (text, message) => expect(refusal(text)).toContain(message));

  it('reads what nests as deep as may be, and refuses what nests deeper', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(MAX_DEPTH), 'body')).toBeInstanceOf(Array);
    expect(refusal(nested(MAX_DEPTH + 1))).toBe('body must not nest deeper than 100 levels, got 101');
    expect(refusal('{"a":'.repeat(2_000_000))).toContain('must not nest deeper');
    expect(refusal('['.repeat(4_500_000))).toContain('must not nest deeper');
    expect(refusal(']'.repeat(50_000) + '['.repeat(50_000))).toContain('must be JSON');
  });

  it('reads a wide object, and finds the one key in it that comes twice', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `"k${i}":${i}`);
    expect(Object.keys(parseJson(`{${keys}}`, 'body') as object)).toHaveLength(50_000);
    expect(refusal(`{${keys},"k777":0}`)).toBe('body.k777 must not be stated twice');
  });

  it('reads an escaped key as what it is, whatever document was read before', () => {
    // V8 13.6 takes the key for the one that followed "b" in an earlier document.
    for (const key of ['\\', '\\u']) JSON.parse(JSON.stringify({ b: 1, [key]: 2 }));
    expect(parseJson('{"b":1,"\\u00e9":2}', 'body')).toEqual({ b: 1, é: 2 });
    expect(parseJson('[{"b":1,"\\u00e9x" :2}]', 'body')).toEqual([{ b: 1, éx: 2 }]);
    expect(refusal('{"b":1,"\\u0062":2}')).toBe('body.b must not be stated twice');
  });

  it('reads documents with escaped keys as JSON.parse should', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = JSON.stringify({ 'a"b': value, constructor: [value], toString: null });
        fc.pre(!text.includes('__proto__'));
        expect(parseJson(text, 'body')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('tells whether any two keys are one, however they are escaped', () => {
    const escaped = (key: string) =>
      `"${Array.from(key, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', ':', '{'), maxLength: 3 });
    fc.assert(
      fc.property(key, key, (first, second) => {
        const text = `{${JSON.stringify(first)}:1,${escaped(second)}:2}`;
        if (first === second) expect(refusal(text)).toContain('must not be stated twice');
        else
          expect(parseJson(text, 'body')).toEqual(
            Object.fromEntries([
              [first, 1],
              [second, 2],
            ]),
          );
      }),
    );
  });
});
