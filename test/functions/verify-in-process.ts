import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import { layout } from '../../adapters/registry/layout.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { DropPorts } from '../../functions/deploy/drop.ts';
import { plainName } from '../../functions/http/inbox.ts';
import { modelBlobs } from '../../functions/http/model-blobs.ts';
import { verifyFunction } from '../../functions/verify/handler.ts';

/** The verify function over an inbox, in this process: a key is its own URL, also of a blob where there is a registry. */
export function verifyInProcess(inbox: Store, registry?: Store): DropPorts['verify'] {
  const verify = verifyFunction({
    read: async (key) => (await (key.startsWith('blobs/') ? registry : inbox)?.read(key))?.bytes ?? new Uint8Array(),
    openOnnx: openInRuntime(),
    log: { info: () => {}, error: () => {} },
  });
  return (keys, serving) =>
    verify({
      files: keys.map((key) => ({ name: plainName(key.slice(key.lastIndexOf('/') + 1)), url: key })),
      ...(serving &&
        registry && {
          serving: { version: serving, urls: modelBlobs(serving).map(({ sha256 }) => layout.blob(sha256)) },
        }),
    });
}
