import type { Headers } from './headers.ts';

const BEARER = /^Bearer +([^\s]+) *$/i;
const SIGV4 = /^AWS4-HMAC-SHA256\s.*\bCredential=([^/\s,]+)\//;

/**
 * The key that a request brings: as a bearer token, as `x-api-key`, or as the access key id of an AWS SDK's
 * SigV4 header, whose signature is not checked: the id alone is the secret here, and TLS covers it.
 */
export function credentialOf(headers: Headers): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    return (BEARER.exec(authorization) ?? SIGV4.exec(authorization))?.[1] ?? headers['x-api-key'];
  }
  return headers['x-api-key'];
}
