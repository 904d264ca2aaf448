import { listVersions, readBlob, readManifest } from '../../adapters/registry/versions.ts';
import type { Store } from '../../adapters/store/store.ts';
import { ModelNotFound, VersionNotFound } from '../../models/errors.ts';
import { NotFound, PayloadTooLarge } from '../http/errors.ts';
import type { Operation } from '../http/handler.ts';
import { MAX_BODY_BYTES } from '../http/limits.ts';
import { modelInSight } from '../http/sight.ts';

/**
 * `GET /v1/models/{model}/versions/{version}/files/{file}`: what was dropped. It may hold training rows, so that it takes the
 * scope that may replace it.
 */
export const fileOperation =
  ({ registry }: { readonly registry: Store }): Operation =>
  async (call) => {
    const model = modelInSight(call);
    const versions = await listVersions(registry, model);
    if (versions.length === 0) throw new ModelNotFound(model);
    const { version: stated = '', file = '' } = call.params;
    const version = versions.find((alive) => String(alive) === stated);
    const manifest = version === undefined ? undefined : await readManifest(registry, model, version);
    if (manifest === undefined) throw new VersionNotFound(model, stated);
    const blob = manifest.blobs.find((candidate) => candidate.file === file);
    if (blob === undefined) throw new NotFound('file', file);
    if (blob.bytes > MAX_BODY_BYTES) throw new PayloadTooLarge('file', MAX_BODY_BYTES);
    const body = await readBlob(registry, blob);
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body };
  };
