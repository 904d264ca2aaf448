import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { powertoolsLog } from '../../../functions/http/log.ts';
import type { VerifyRequest } from '../../../functions/http/verification.ts';
import { verifyFunction } from '../../../functions/verify/handler.ts';

const verify = verifyFunction({
  read: (url) => readFile(fileURLToPath(url)),
  log: powertoolsLog('verify', 'WARN'),
});

process.once('message', async (request) => {
  process.send?.(await verify(request as VerifyRequest));
  process.disconnect();
});
