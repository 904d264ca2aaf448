import type { PresignPut, PresignRequest } from '../../adapters/store/presign.ts';
import type { Store } from '../../adapters/store/store.ts';
import { type HttpHandler, httpFunction } from '../http/handler.ts';
import type { Log } from '../http/log.ts';
import { fileOperation } from './files.ts';
import { jobOperations } from './jobs.ts';
import { keyOperations } from './keys.ts';
import { releaseOperations } from './releases.ts';
import { trainingOperation } from './training.ts';
import { uploadOperation } from './uploads.ts';

export interface ControlPorts {
  readonly registry: Store;
  readonly presign: PresignPut;
  /** Has a job taken up. It resolves once that is sure to happen. */
  readonly enqueue: (job: string) => Promise<void>;
  /** Where large requests of jobs are put. */
  readonly presignRequest: PresignRequest;
  /** Bytes of a request of a job, where whoever works on it holds less than `MAX_INPUT_BYTES`. */
  readonly largestInput?: number;
  readonly log: Log;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** Everything that changes what is served, or who may call. */
export const controlFunction = (ports: ControlPorts): HttpHandler =>
  httpFunction({
    operations: {
      ...releaseOperations(ports),
      ...keyOperations(ports),
      file: fileOperation(ports),
      upload: uploadOperation(ports),
      train: trainingOperation(ports),
      ...jobOperations(ports),
    },
    log: ports.log,
  });
