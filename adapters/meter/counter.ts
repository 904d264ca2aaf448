import type { Baseline } from '../../models/baseline.ts';
import type { Intake } from '../../models/features.ts';
import type { Tensors } from '../../models/tensor.ts';
import { type InputBinner, inputBinner } from '../../models/watch/bins.ts';
import { addShadows, type CountLine, type ShadowCounts } from '../../models/watch/counts.ts';

/** A model as its inputs are counted. */
export type Watched = Intake & { readonly model: string; readonly version: number; readonly baseline?: Baseline };

/**
 * Counts what drift and shadows are told from, version by version, in memory. An observer: what goes wrong in it never
 * reaches a caller.
 */
export interface Counter {
  inputs(watched: Watched, inputs: Tensors): void;
  shadow(line: Pick<CountLine, 'model' | 'version'> & { readonly shadow: ShadowCounts }): void;
  /** What was counted since it was last taken, a line a version. */
  take(): CountLine[];
}

interface Entry {
  readonly model: string;
  readonly version: number;
  /** Undefined where nothing of this model is watched, and absent until it is asked. */
  binner?: InputBinner | undefined;
  shadow?: ShadowCounts;
}

export function memoryCounter(): Counter {
  let entries = new Map<string, Entry>();

  const entryOf = (model: string, version: number): Entry => {
    const key = `${model}/${version}`;
    const entry = entries.get(key) ?? { model, version };
    entries.set(key, entry);
    return entry;
  };

  return {
    inputs(watched, inputs) {
      if (watched.baseline === undefined) return;
      const entry = entryOf(watched.model, watched.version);
      if (!('binner' in entry)) entry.binner = inputBinner(watched, watched.baseline);
      entry.binner?.add(inputs);
    },
    shadow({ model, version, shadow }) {
      const entry = entryOf(model, version);
      entry.shadow = addShadows(entry.shadow, shadow);
    },
    take() {
      const taken = [...entries.values()].flatMap(lineOf);
      entries = new Map();
      return taken;
    },
  };
}

function lineOf({ model, version, binner, shadow }: Entry): CountLine[] {
  const inputs = binner?.counts();
  if (inputs === undefined && shadow === undefined) return [];
  return [{ model, version, ...(inputs && { inputs }), ...(shadow && { shadow }) }];
}
