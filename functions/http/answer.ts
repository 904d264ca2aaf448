import type { APIGatewayProxyResult } from 'aws-lambda';
import { PayloadTooLarge } from './errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';

/** What an operation answers, before it becomes the gateway's. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

export const noContent: Answer = { status: 204 };

/** @param maxBytes what Lambda can carry, unless it need not. @throws PayloadTooLarge */
export function toResult(
  { status, headers, body = '' }: Answer,
  requestId: string,
  maxBytes = MAX_BODY_BYTES,
): APIGatewayProxyResult {
  const binary = typeof body !== 'string';
  const length = binary ? body.length : Buffer.byteLength(body);
  if (length > maxBytes) throw new PayloadTooLarge('answer', maxBytes);
  return {
    statusCode: status,
    headers: {
      ...headers,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
      'x-request-id': requestId,
    },
    body: binary ? Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64') : body,
    isBase64Encoded: binary,
  };
}
