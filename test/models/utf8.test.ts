import { describe, expect, it } from 'vitest';
import { MalformedRequest } from '../../models/errors.ts';
import { decodeUtf8 } from '../../models/utf8.ts';

describe('decoding UTF-8', () => {
  it('reads every plane, and drops a byte order mark', () => {
    expect(decodeUtf8(new TextEncoder().encode('\ufeffaé€😀'), 'body')).toBe('aé€😀');
  });

  it.each([
    ['a stray byte', [0x61, 0x62, 0xff, 0x63], 'body must be UTF-8 at byte 2, got "0xff"'],
    ['a sequence that breaks off', [0x61, 0xe2, 0x82, 0x61], 'body must be UTF-8 at byte 3, got "0x61"'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], 'body must be UTF-8 at byte 1, got "0xa0"'],
    ['a slash in two bytes', [0x61, 0xc0, 0xaf], 'body must be UTF-8 at byte 1, got "0xc0"'],
    ['an end in the middle of a character', [0x61, 0xe2, 0x82], 'body must be UTF-8: its last character breaks off'],
  ])('refuses %s', (_, bytes, message) => {
    const decode = () => decodeUtf8(Uint8Array.from(bytes), 'body');
    expect(decode).toThrow(MalformedRequest);
    expect(decode).toThrow(message);
  });
});
