import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ModelFile } from '../../models/formats/format.ts';

/** A table's bytes, piece by piece, as often as they are asked for. */
export interface TableSource {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  pieces(): AsyncIterable<Buffer>;
  /** All at once, for formats that need it. */
  whole(): Promise<Uint8Array>;
}

const PIECE = 1 << 20;

/** A table that is in memory already. */
export const sourceOfBytes = ({ name, bytes }: ModelFile): TableSource => ({
  name,
  size: bytes.length,
  async *pieces() {
    for (let at = 0; at < bytes.length; at += PIECE) {
      yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(PIECE, bytes.length - at));
    }
  },
  whole: async () => bytes,
});

/** A table on disk, never in memory as a whole unless its format needs it. */
export const sourceOfFile = (name: string, path: string, size: number): TableSource => ({
  name,
  size,
  pieces: () => createReadStream(path, { highWaterMark: PIECE }),
  whole: () => readFile(path),
});
