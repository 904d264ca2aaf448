import { fileURLToPath } from 'node:url';
import { openInRuntime } from '../../../adapters/onnx/runtime.ts';
import { readRegular } from '../../../adapters/store/regular-file.ts';
import { powertoolsLog } from '../../../functions/http/log.ts';
import type { VerifyRequest } from '../../../functions/http/verification.ts';
import { verifyFunction } from '../../../functions/verify/handler.ts';
import { dieWithParent } from '../die-with-parent.ts';

/** @throws TypeError where there is no regular file: the drop is tried again */
async function read(url: string): Promise<Uint8Array> {
  const bytes = await readRegular(fileURLToPath(url));
  if (bytes === undefined) throw new TypeError('a file to verify must be a regular one');
  return bytes;
}

const verify = verifyFunction({
  read,
  openOnnx: openInRuntime(),
  log: powertoolsLog('verify', 'WARN'),
});

dieWithParent();
process.on('message', async (request) => {
  process.send?.(await verify(request as VerifyRequest));
});
process.once('disconnect', () => process.exit());
