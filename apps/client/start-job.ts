import type { Job, Place } from './answers.ts';
import { ApiError } from './api-error.ts';
import { type Connection, call } from './call.ts';
import { put, sha256 } from './upload.ts';

/** A request to predict as it is sent: what `/endpoints/{model}/invocations` takes. */
export interface JobRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How the bytes are to be read: their `content-type`, and where their JSON ends. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The largest request that the gateway lets pass. */
export const MOST_SENT_BYTES = 4_718_592;

/**
 * Has a request predicted without waiting for it. One that is too large to be sent is uploaded: its place is asked for, and the
 * job once more when it lies there.
 */
export async function startJob(
  connection: Connection,
  model: string,
  { bytes, headers: stated }: JobRequest,
  idempotencyKey?: string,
): Promise<Job> {
  const path = `/v1/models/${encodeURIComponent(model)}/jobs`;
  const headers = { ...stated, ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }) };
  if (bytes.length <= MOST_SENT_BYTES) return call(connection, path, { method: 'POST', headers, body: bytes });
  const referring = `${path}?upload=${await sha256(bytes)}&bytes=${bytes.length}`;
  const ask = () => call<Job | Place>(connection, referring, { method: 'POST', headers });
  const told = await ask();
  // Somebody has asked for the same before.
  if ('state' in told) return told;
  await put(told, bytes).catch(unlessThere);
  const begun = await ask();
  if ('state' in begun) return begun;
  throw new ApiError('what was uploaded is not there; start the job again', { status: 201, requestId: undefined });
}

/** Somebody else has put the same there meanwhile: S3 takes it once. */
function unlessThere(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 412)) throw error;
}
