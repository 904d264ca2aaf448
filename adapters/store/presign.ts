import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { checkPath } from './path.ts';

/** A place that takes exactly these bytes by one PUT. */
export interface PresignedPut {
  readonly url: string;
  /** Signed with the URL: a PUT without them is refused. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expires: string;
}

export type PresignPut = (key: string, sha256: string) => Promise<PresignedPut>;
/** The same for a request of so many bytes. */
export type PresignRequest = (key: string, sha256: string, bytes: number) => Promise<PresignedPut>;
/** @param contentType what the object is said to be, where it is not known by itself */
export type PresignGet = (key: string, contentType?: string) => Promise<string>;

export interface PresignOptions {
  readonly bucket: string;
  readonly client: S3Client;
  readonly now?: () => number;
}

const VALID_SECONDS = 15 * 60;
const CHECKSUM = 'x-amz-checksum-sha256';

/**
 * URLs that take bytes of one SHA-256 for 15 minutes. The checksum stays a header, not a query parameter: only as a
 * signed header does S3 hold the body against it. Stating it also keeps the SDK from signing a CRC32 of nothing.
 */
export const s3PresignPut =
  ({ bucket, client, now = Date.now }: PresignOptions): PresignPut =>
  async (key, sha256) => {
    const checksum = base64Of(sha256);
    return signedPut(
      client,
      new PutObjectCommand({ Bucket: bucket, Key: checkedPath(key), ChecksumSHA256: checksum }),
      {
        at: now(),
        headers: { [CHECKSUM]: checksum },
      },
    );
  };

/** URLs that take so many bytes of one SHA-256 for 15 minutes, where nothing lies yet. The length goes with every body by itself. */
export const s3PresignRequest =
  ({ bucket, client, now = Date.now }: PresignOptions): PresignRequest =>
  async (key, sha256, bytes) => {
    const checksum = base64Of(sha256);
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: checkedPath(key),
      ChecksumSHA256: checksum,
      ContentLength: bytes,
      IfNoneMatch: '*',
    });
    return signedPut(client, command, { at: now(), headers: { [CHECKSUM]: checksum, 'if-none-match': '*' } });
  };

const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

function checkedPath(key: string): string {
  checkPath(key);
  return key;
}

interface Signing {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
}

async function signedPut(client: S3Client, command: PutObjectCommand, { at, headers }: Signing): Promise<PresignedPut> {
  const url = await getSignedUrl(client, command, {
    expiresIn: VALID_SECONDS,
    signingDate: new Date(at),
    unhoistableHeaders: new Set(Object.keys(headers)),
  });
  return { url, headers, expires: new Date(at + VALID_SECONDS * 1_000).toISOString() };
}

/** URLs that give one object for 15 minutes, to a reader without any permission of its own. */
export const s3PresignGet =
  ({ bucket, client, now = Date.now }: PresignOptions): PresignGet =>
  async (key, contentType) => {
    checkPath(key);
    const said = contentType === undefined ? {} : { ResponseContentType: contentType };
    return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key, ...said }), {
      expiresIn: VALID_SECONDS,
      signingDate: new Date(now()),
    });
  };
