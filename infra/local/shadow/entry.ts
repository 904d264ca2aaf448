import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { loadFrom } from '../../../functions/predict/load.ts';
import { modelCache } from '../../../functions/predict/model-cache.ts';
import { shadowFunction } from '../../../functions/predict/shadow.ts';
import type { ShadowCopy } from '../../../functions/predict/shadow-copy.ts';
import { platformEndpoint } from '../platform-endpoint.ts';

const [registry = '', endpointName = ''] = process.argv.slice(2);
const CACHE_BYTES = 256 * 1024 * 1024;

const counter = memoryCounter();
const endpoint = endpointName === '' ? undefined : platformEndpoint(endpointName);
const shadow = shadowFunction({
  models: modelCache({ load: loadFrom(filesStore(registry), openInRuntime(), endpoint), maxBytes: CACHE_BYTES }),
  counter,
});

process.on('message', async (copy: object) => {
  if ('endpoint' in copy) return;
  await shadow(copy as ShadowCopy);
  process.send?.(counter.take());
});
