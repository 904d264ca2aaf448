import type { Counter } from '../../adapters/meter/counter.ts';
import { comparisonOf, type Difference, differencesOf } from '../../models/compare/differences.ts';
import { conform } from '../../models/signature.ts';
import { noShadow } from '../../models/watch/counts.ts';
import { countDuration, type Durations } from '../../models/watch/durations.ts';
import { observing } from '../http/observing.ts';
import { decoders } from './decoders.ts';
import type { ModelCache } from './model-cache.ts';
import { callIn, type ShadowCopy } from './shadow-copy.ts';

export interface ShadowPorts {
  readonly models: ModelCache;
  readonly counter: Counter;
}

const NEVER = new AbortController().signal;

/**
 * Answers a copy of a request with the shadow's version and with the one that serves, and counts whether they agree.
 * Nobody waits for it, and it never throws: a shadow that fails is a count.
 */
export const shadowFunction =
  ({ models, counter }: ShadowPorts) =>
  async (copy: ShadowCopy): Promise<void> => {
    const serving = await answer(models, copy, copy.serving);
    const shadow = serving && (await answer(models, copy, copy.version));
    const { rows, changed } = comparisonOf(serving && shadow ? compared(serving, shadow) : []);
    const { model, version, since } = copy;
    const counts = {
      ...noShadow(since),
      calls: 1,
      // Where the serving version itself can't be asked, nothing is said of the shadow.
      failed: serving && !shadow ? 1 : 0,
      rows,
      agreed: rows - changed,
      serving: took(serving),
      shadow: took(shadow),
    };
    observing(() => counter.shadow({ model, version, shadow: counts }));
  };

type Answered = Awaited<ReturnType<typeof answered>>;

async function answer(models: ModelCache, copy: ShadowCopy, version: number): Promise<Answered | undefined> {
  try {
    return await answered(models, copy, version);
  } catch {
    return undefined;
  }
}

const answered = (models: ModelCache, copy: ShadowCopy, version: number) =>
  models.use(copy.model, version, async ({ manifest, predictor }) => {
    const startedAt = performance.now();
    const decode = decoders[copy.operation];
    if (decode === undefined) throw new TypeError('a shadow copy must be of an operation that predicts');
    const { inputs } = await decode(callIn(copy), manifest);
    const outputs = await predictor.predict(conform(predictor.signature, inputs), NEVER);
    return {
      outputs,
      ...(manifest.labels && { labels: manifest.labels }),
      milliseconds: performance.now() - startedAt,
    };
  });

/** Versions that answer different numbers of rows agree in none. */
function compared(serving: Answered, shadow: Answered): Pick<Difference, 'changed' | 'size'>[] {
  try {
    return differencesOf(serving, shadow);
  } catch {
    return [{ changed: true, size: Number.POSITIVE_INFINITY }];
  }
}

function took(answered: Answered | undefined): Durations {
  const durations: Durations = {};
  if (answered) countDuration(durations, answered.milliseconds);
  return durations;
}
