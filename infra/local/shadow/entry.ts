import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { loadFrom } from '../../../functions/predict/load.ts';
import { modelCache } from '../../../functions/predict/model-cache.ts';
import { shadowFunction } from '../../../functions/predict/shadow.ts';
import type { ShadowCopy } from '../../../functions/predict/shadow-copy.ts';

const [registry = ''] = process.argv.slice(2);
const CACHE_BYTES = 256 * 1024 * 1024;

const counter = memoryCounter();
const shadow = shadowFunction({
  models: modelCache({ load: loadFrom(filesStore(registry), openInRuntime()), maxBytes: CACHE_BYTES }),
  counter,
});

process.on('message', async (copy) => {
  await shadow(copy as ShadowCopy);
  process.send?.(counter.take());
});
