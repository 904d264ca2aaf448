import { cp, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const runtime = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));

/**
 * Functions bring native code for Lambda's own processor along. On another one, that of this machine lies beside it.
 * @see infra/aws/constructs/bundle.ts
 */
export async function bringOwnProcessor(taskRoot: string): Promise<void> {
  const brought = join(taskRoot, 'node_modules/onnxruntime-node');
  const isThere = await stat(brought).catch(() => undefined);
  const own = join('bin/napi-v6', process.platform, process.arch);
  if (isThere) await cp(join(runtime, own), join(brought, own), { recursive: true });
}
