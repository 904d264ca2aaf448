import { askedPath } from '../../adapters/registry/async-layout.ts';
import type { Store } from '../../adapters/store/store.ts';
import type { Asked } from '../../models/prediction-job.ts';

/** How a job is found by the answer that somebody tells of: SageMaker names answers as it likes. */
export interface Tidings {
  note(job: string, asked: Asked): Promise<void>;
  /** Undefined where nobody has noted it. */
  jobOf(answer: string): Promise<string | undefined>;
}

/** A note for each place where an answer may come to lie, beside the answers. */
export const tidingsIn = (store: Pick<Store, 'create' | 'read'>): Tidings => ({
  async note(job, { output, failure }) {
    for (const answer of [output, failure]) await store.create(askedPath(answer), new TextEncoder().encode(job));
  },
  async jobOf(answer) {
    const noted = await store.read(askedPath(answer));
    return noted && new TextDecoder().decode(noted.bytes);
  },
});
