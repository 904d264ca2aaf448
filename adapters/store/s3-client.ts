import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

const CONNECT_WITHIN_MS = 1_000;
/** Of silence on an open connection. A bound on the whole request would cut off large ones that are well on their way. */
const SILENT_FOR_MS = 2_000;
const ATTEMPTS = 4;

/**
 * A client of S3 that gives up on a dead peer soon enough to try again. Retries are the SDK's standard ones: jittered,
 * and bounded over all requests by a budget, so that a storage that is down is not stormed. Checksums go with every
 * write and are checked on every read.
 */
export const s3Client = (overrides: S3ClientConfig = {}): S3Client =>
  new S3Client({
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_SUPPORTED',
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: SILENT_FOR_MS },
    ...overrides,
  });
