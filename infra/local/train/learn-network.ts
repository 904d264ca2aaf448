import { parseTable } from '../../../adapters/table/read-table.ts';
import { assessNetwork } from '../../../adapters/torch/assess-network.ts';
import { findPython } from '../../../adapters/torch/find-python.ts';
import { trainNetwork } from '../../../adapters/torch/train-network.ts';
import type { Asked, Learn, Lesson } from '../../../functions/train/lesson.ts';
import { isNetworkRecipe, type StatedNetwork } from '../../../models/learning/any-recipe.ts';
import { networkInput } from '../../../models/learning/network/network-input.ts';
import { networkParcel } from '../../../models/learning/network/network-parcel.ts';
import { poseNetwork } from '../../../models/learning/network/pose-network.ts';

export interface ThisMachine {
  /** Says where Python is. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends a training by PyTorch. */
  readonly signal: AbortSignal;
}

/** Networks are learned by this machine's PyTorch, all else by `learn`. */
export const learnNetworks =
  (learn: Learn, machine: ThisMachine): Learn =>
  (asked) => {
    const { table, recipe, tell } = asked;
    return isNetworkRecipe(recipe) ? learnNetwork({ table, recipe, tell }, machine) : learn(asked);
  };

interface AskedNetwork extends Asked {
  readonly recipe: StatedNetwork;
}

/** @throws TorchMissing before the table is read, TableRefused, TrainingRefused, TorchFailed */
async function learnNetwork(
  { table: file, recipe, tell }: AskedNetwork,
  { env, signal }: ThisMachine,
): Promise<Lesson> {
  const python = await findPython(env, signal);
  const table = await parseTable(file, recipe.types);
  const posed = poseNetwork(table.frame, recipe.kind, recipe, {});
  const startedAt = performance.now();
  const trained = await trainNetwork(python, networkInput(posed), { onEpoch: tell, signal });
  const seconds = (performance.now() - startedAt) / 1_000;
  const { result } = await assessNetwork({ table, posed, recipe }, { trained, seconds }, signal);
  return { ...networkParcel(posed, recipe, trained), result };
}
