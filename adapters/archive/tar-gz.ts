import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';

const compressed = promisify(gzip);
/** Where gzip says on which system it ran; 255 is none. */
const SYSTEM_BYTE = 9;
const LONG_AGO = new Date(0);

interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A compressed archive of these files, in their order: of the same files the same bytes, whoever packs them, and when. */
export async function tarGz(files: readonly Entry[]): Promise<Uint8Array> {
  const tar = await packTar(
    files.map(({ name, bytes }) => ({
      header: { name, size: bytes.length, type: 'file', mode: 0o644, mtime: LONG_AGO },
      body: bytes,
    })),
  );
  const archive = await compressed(tar);
  archive[SYSTEM_BYTE] = 255;
  return archive;
}
