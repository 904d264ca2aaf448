import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { collectLess } from '../collect-less.ts';
import { dieWithParent } from '../die-with-parent.ts';
import { asyncBucket } from './async-bucket.ts';
import { asyncQueue, queueFolder } from './async-queue.ts';
import { asyncRuns } from './async-runs.ts';
import { asyncTargets } from './async-targets.ts';
import { startEndpointHost } from './host.ts';
import { archiveLoader } from './load-archive.ts';
import type { EndpointRole, FromHost } from './messages.ts';
import { modelPool } from './model-pool.ts';

const [registry = '', endpoint = '', bytes = '', folder = '', role, mayMisbehave] = process.argv.slice(3);
collectLess();
dieWithParent();
const store = filesStore(registry);
const pool = modelPool(archiveLoader(store, openInRuntime()), Number(bytes));
const [bucket, queue] = [asyncBucket(folder), asyncQueue(queueFolder(folder))];
const tell = (message: FromHost): unknown => process.send?.(message);

async function listen(): Promise<void> {
  const { url } = await startEndpointHost({
    host: '127.0.0.1',
    port: 0,
    endpoints: [endpoint],
    pool,
    async: { bucket, queue, queued: () => tell({ queued: true }), targetOf: asyncTargets(store, endpoint) },
    mayMisbehave: mayMisbehave === 'may-misbehave',
  });
  tell({ url });
}

if (role === ('runs' satisfies EndpointRole)) process.on('message', asyncRuns({ bucket, queue, pool, now: Date.now }));
else await listen();
process.once('disconnect', () => process.exit());
