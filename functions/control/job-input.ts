import { readChannel } from '../../adapters/registry/channels.ts';
import { readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import { MalformedRequest, ModelNotFound } from '../../models/errors.ts';
import { placementOf } from '../../models/placement.ts';
import type { Call } from '../http/call.ts';
import { InputTooLarge } from '../http/errors.ts';
import { MAX_INPUT_BYTES, MAX_SENT_BYTES } from '../http/limits.ts';

/** An input that is uploaded before its job begins, as its caller states it. */
export interface StatedInput {
  readonly sha256: string;
  readonly bytes: number;
}

/** Undefined where the request is in the body. @throws MalformedRequest */
export function inputIn({ query }: Call): StatedInput | undefined {
  const { upload: sha256, bytes = '' } = query;
  if (sha256 === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    const rule = 'must be the SHA-256 of the request that is to be uploaded, in lower-case hex';
    throw new MalformedRequest({ where: 'query upload', rule, found: sha256 });
  }
  if (/^[1-9]\d{0,11}$/.test(bytes)) return { sha256, bytes: Number(bytes) };
  throw new MalformedRequest({ where: 'query bytes', rule: 'must be the number of bytes to upload', found: bytes });
}

interface Room {
  readonly registry: Store;
  /** Bytes that whoever works on a job holds. */
  readonly largestInput?: number;
}

/** Only what an asynchronous endpoint fetches by itself may be large. @throws ModelNotFound, InputTooLarge */
export async function checkRoom(
  { registry, largestInput }: Room,
  model: string,
  { bytes }: StatedInput,
): Promise<void> {
  const stable = (await readChannel(registry, model))?.stable;
  const manifest = stable === undefined ? undefined : await readManifest(registry, model, stable);
  if (manifest === undefined) throw new ModelNotFound(model);
  const placement = placementOf(manifest);
  const most = placement === 'endpoint-async' ? (largestInput ?? MAX_INPUT_BYTES) : MAX_SENT_BYTES;
  if (bytes > most) throw new InputTooLarge(bytes, most, placement);
}
