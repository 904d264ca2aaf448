import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The body is not the one whose checksum S3 sent. */
export class ChecksumMismatch extends Error {
  override readonly name = 'ChecksumMismatch';
  constructor(header: string, announced: string, found: string) {
    super(`S3 announced ${header} ${announced}, and its body has ${found}`);
  }
}

const crc32 = (bytes: Uint8Array): string => {
  // Loaded by the first object that has one: it takes longer than a small document's whole check.
  const value = process.getBuiltinModule('node:zlib').crc32(bytes);
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(value);
  return digest.toString('base64');
};

/** Those that Node can compute. */
const checksums: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'x-amz-checksum-crc32': crc32,
  'x-amz-checksum-sha256': (bytes) => hash('sha256', bytes, 'base64'),
  'x-amz-checksum-sha1': (bytes) => hash('sha1', bytes, 'base64'),
};

/**
 * Holds a body against the checksum that its object was written with, if it was. One of parts, which ends in their
 * count, says nothing of the whole.
 *
 * @throws ChecksumMismatch
 */
export function verifyChecksum(headers: IncomingHttpHeaders, bytes: Uint8Array): void {
  for (const [header, checksum] of Object.entries(checksums)) {
    const announced = headers[header];
    if (typeof announced !== 'string' || announced.includes('-')) continue;
    const found = checksum(bytes);
    if (found !== announced) throw new ChecksumMismatch(header, announced, found);
  }
}
