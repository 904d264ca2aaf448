/** An entry of an archive that a test makes, by its ustar header. */
export interface Entry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder ... */
  readonly type?: string;
  /** What the header says, where that is not the truth. */
  readonly size?: string;
}

const BLOCK = 512;

/** A tar archive of these entries, with the two empty blocks at its end. */
export function tarOf(...entries: readonly Entry[]): Uint8Array {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

function blocksOf({ path, content = '', type = '0', size }: Entry): Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0);
  header.write(size ?? body.length.toString(8).padStart(11, '0'), 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write('ustar\0'.concat('00'), 257);
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0'),
    148,
  );
  header[154] = 0;
  return [header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)];
}
