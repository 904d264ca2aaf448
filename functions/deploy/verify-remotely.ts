import type { Killed } from '../../adapters/lambda/invoke.ts';
import { layout } from '../../adapters/registry/layout.ts';
import type { PresignGet } from '../../adapters/store/presign.ts';
import { plainName } from '../http/inbox.ts';
import { modelBlobs } from '../http/model-blobs.ts';
import type { VerifyReport, VerifyRequest } from '../http/verification.ts';
import type { DropPorts } from './drop.ts';

export interface RemotePorts {
  readonly presign: PresignGet;
  /** The same for blobs of the registry. */
  readonly presignBlob: PresignGet;
  readonly invoke: (request: VerifyRequest) => Promise<VerifyReport | Killed>;
}

/** Has the verify function read the files by presigned URLs: it has no permission of its own. */
export function verifyRemotely({ presign, presignBlob, invoke }: RemotePorts): DropPorts['verify'] {
  return async (keys, serving) => {
    const files = await Promise.all(
      keys.map(async (key) => ({ name: plainName(key.slice(key.lastIndexOf('/') + 1)), url: await presign(key) })),
    );
    const answer = await invoke({
      files,
      ...(serving && {
        serving: {
          version: serving,
          urls: await Promise.all(modelBlobs(serving).map(({ sha256 }) => presignBlob(layout.blob(sha256)))),
        },
      }),
    });
    if ('killed' in answer)
      return { ok: false, error: 'reading and proving the model took too long, or too much memory' };
    return answer;
  };
}
