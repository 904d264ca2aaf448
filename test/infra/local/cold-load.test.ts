import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { memoryCounter } from '../../../adapters/meter/counter.ts';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { createKey } from '../../../adapters/registry/keys.ts';
import { filesStore } from '../../../adapters/store/files.ts';
import type { Store } from '../../../adapters/store/store.ts';
import { localFunctions } from '../../../infra/local/functions.ts';
import { startGateway } from '../../../infra/local/gateway/gateway.ts';
import { objectCreated } from '../../../infra/local/inbox-watcher.ts';
import { verifyInProcess } from '../../../infra/local/verify/verify-process.ts';
import { temporaryHome } from '../../journey/running-platform.ts';

const CALLS = 500;
const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

it(`loads a cold model once for ${CALLS} simultaneous requests (load L3)`, async () => {
  const home = await temporaryHome(cleanups);
  const reads: string[] = [];
  const files = filesStore(join(home, 'registry'));
  const registry: Store = {
    create: (path, bytes) => files.create(path, bytes),
    replace: (path, bytes, etag) => files.replace(path, bytes, etag),
    delete: (path, etag) => files.delete(path, etag),
    discard: (path) => files.discard(path),
    list: (prefix) => files.list(prefix),
    revalidate: (path, etag) => files.revalidate(path, etag),
    read: (path) => {
      reads.push(path);
      return files.read(path);
    },
  };
  const inbox = filesStore(home);
  const { deployBy, authorize, ...functions } = localFunctions({
    registry,
    inbox,
    counter: memoryCounter(),
    shadow: () => false,
    train: () => Promise.reject(new Error('not here')),
    presign: () => Promise.reject(new Error('not here')),
    presignRequest: () => Promise.reject(new Error('not here')),
    enqueue: async () => {},
    presignResult: () => Promise.reject(new Error('not here')),
    openOnnx: openInRuntime(),
    release: 'test',
  });
  await createKey(
    registry,
    'cold-key',
    { name: 'a', tenant: 'a', scopes: ['predict'], models: ['*'] },
    { at: '', by: '' },
  );
  const model = await readFile(new URL('../../../examples/iris/iris.model', import.meta.url));
  await inbox.create('inbox/iris/iris.model', model);
  await deployBy(verifyInProcess({ home }))(objectCreated('inbox/iris/iris.model', model.length));
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    functions,
    authorize,
    fallback: 'catalog',
    quota: () => undefined,
    limits: { inFlight: CALLS, turnRequests: CALLS },
  });
  reads.length = 0;

  const answers = await Promise.all(
    Array.from({ length: CALLS }, async () => {
      const response = await fetch(`${gateway.url}/v1/models/iris:predict`, {
        method: 'POST',
        headers: { authorization: 'Bearer cold-key' },
        body: '{"instances":[[6.1,3,4.6,1.4]]}',
      });
      return response.text();
    }),
  );

  await gateway.close();
  expect(new Set(answers)).toEqual(new Set(['{"predictions":[1]}']));
  expect(reads.filter((path) => path.startsWith('blobs/'))).toHaveLength(1);
  expect(reads.filter((path) => path.startsWith('keys/'))).toHaveLength(1);
});
