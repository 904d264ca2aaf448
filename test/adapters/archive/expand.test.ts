import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expand } from '../../../adapters/archive/expand.ts';
import { refusalOf } from '../../models/formats/files.ts';
import { tarOf } from '../../models/formats/triton/archive.ts';

const gz = (content: Uint8Array | string) => ({ name: 'a.gz', bytes: gzipSync(content) });

describe('what is compressed with gzip', () => {
  it('is expanded where it is an archive', () => {
    const archive = tarOf({ path: 'm/1/model.onnx', content: 'x' });
    expect(Buffer.from(expand(gz(archive)).bytes).equals(archive)).toBe(true);
  });

  it('is refused by what it holds otherwise', () => {
    expect(refusalOf(() => expand(gz(Buffer.from([0x80, 4, 0x95]))))).toContain('a.gz, expanded, is a Python pickle');
    expect(refusalOf(() => expand(gz('X\n\0\0\0\x03')))).toContain('a.gz, expanded, is an R object');
    expect(refusalOf(() => expand(gz('tree\nversion=v4\n')))).toBe(
      'a.gz is compressed: drop the model file itself: gunzip <file>',
    );
  });

  it('is not expanded without bound', () => {
    const bomb = gz(new Uint8Array(2_000_000));
    expect(bomb.bytes.length).toBeLessThan(3_000);
    expect(refusalOf(() => expand(bomb, 1_000_000))).toBe('a.gz must expand to at most 1000000 bytes');
  });

  it('is refused where it is broken', () => {
    const { name, bytes } = gz('x'.repeat(500));
    expect(refusalOf(() => expand({ name, bytes: bytes.subarray(0, 12) }))).toContain('its gzip is broken or cut off');
    expect(refusalOf(() => expand({ name, bytes: Buffer.from([0x1f, 0x8b]) }))).toContain('its gzip is broken');
  });
});

it('any other file is handed on as it is', () => {
  const file = { name: 'a.json', bytes: Buffer.from('{}') };
  expect(expand(file)).toBe(file);
});
