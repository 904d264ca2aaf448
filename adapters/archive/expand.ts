import { gunzipSync } from 'node:zlib';
import { ModelFileRefused } from '../../models/errors.ts';
import type { ModelFile } from '../../models/formats/format.ts';
import { detect } from '../../models/formats/formats.ts';
import { isTar } from '../../models/formats/triton/tar.ts';

/** A gigabyte of zeros is a megabyte of gzip: what expands beyond is not looked at. */
export const MOST_EXPANDED = 512 * 1024 * 1024;

/**
 * What is compressed with gzip, as it was before, where it is an archive. Any other file is handed back as it is.
 * @throws ModelFileRefused where it is broken, expands too far or is no archive: then it says what is inside
 */
export function expand(file: ModelFile, most = MOST_EXPANDED): ModelFile {
  if (file.bytes[0] !== 0x1f || file.bytes[1] !== 0x8b) return file;
  const inside = { name: file.name, bytes: gunzipped(file, most) };
  if (isTar(inside.bytes)) return inside;
  detect({ name: `${file.name}, expanded,`, bytes: inside.bytes });
  throw new ModelFileRefused({ where: file.name, rule: 'is compressed: drop the model file itself: gunzip <file>' });
}

function gunzipped({ name, bytes }: ModelFile, most: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (cause) {
    const tooFar = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const rule = tooFar ? `must expand to at most ${most} bytes` : 'must be whole: its gzip is broken or cut off';
    throw new ModelFileRefused({ where: name, rule }, { cause });
  }
}
