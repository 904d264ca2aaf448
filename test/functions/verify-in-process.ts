import { openInRuntime } from '../../adapters/onnx/runtime.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { DropPorts } from '../../functions/deploy/drop.ts';
import { verifyFunction } from '../../functions/verify/handler.ts';

/** The verify function over an inbox, in this process: a key is its own URL. */
export function verifyInProcess(inbox: Store): DropPorts['verify'] {
  const verify = verifyFunction({
    read: async (key) => (await inbox.read(key))?.bytes ?? new Uint8Array(),
    openOnnx: openInRuntime(),
    log: { info: () => {}, error: () => {} },
  });
  return (keys) => verify({ files: keys.map((key) => ({ name: key.slice(key.lastIndexOf('/') + 1), url: key })) });
}
