import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { collectLess } from '../collect-less.ts';
import { dieWithParent } from '../die-with-parent.ts';
import { asyncBucket } from './async-bucket.ts';
import { asyncTargets } from './async-targets.ts';
import { startEndpointHost } from './host.ts';
import { archiveLoader } from './load-archive.ts';
import { modelPool } from './model-pool.ts';

const [registry = '', endpoint = '', bytes = '', folder = '', mayMisbehave] = process.argv.slice(3);
collectLess();
dieWithParent();
const store = filesStore(registry);

const { url } = await startEndpointHost({
  host: '127.0.0.1',
  port: 0,
  endpoints: [endpoint],
  pool: modelPool(archiveLoader(store, openInRuntime()), Number(bytes)),
  async: { bucket: asyncBucket(folder), targetOf: asyncTargets(store, endpoint) },
  mayMisbehave: mayMisbehave === 'may-misbehave',
});
process.send?.({ url });
process.once('disconnect', () => process.exit());
