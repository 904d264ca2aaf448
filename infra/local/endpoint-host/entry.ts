import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import { dieWithParent } from '../die-with-parent.ts';
import { startEndpointHost } from './host.ts';
import { archiveLoader } from './load-archive.ts';
import { modelPool } from './model-pool.ts';

const [registry = '', endpoint = '', bytes = '', mayMisbehave] = process.argv.slice(3);
dieWithParent();

const { url } = await startEndpointHost({
  host: '127.0.0.1',
  port: 0,
  endpoints: [endpoint],
  pool: modelPool(archiveLoader(filesStore(registry), openInRuntime()), Number(bytes)),
  mayMisbehave: mayMisbehave === 'may-misbehave',
});
process.send?.({ url });
process.once('disconnect', () => process.exit());
