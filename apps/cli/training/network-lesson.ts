import { assessNetwork } from '../../../adapters/torch/assess-network.ts';
import { findPython } from '../../../adapters/torch/find-python.ts';
import { trainNetwork } from '../../../adapters/torch/train-network.ts';
import { networkInput } from '../../../models/learning/network/network-input.ts';
import type { NetworkKind } from '../../../models/learning/network/network-kinds.ts';
import { networkParcel } from '../../../models/learning/network/network-parcel.ts';
import { poseNetwork } from '../../../models/learning/network/pose-network.ts';
import { networkRecipeOf } from '../network-options.ts';
import type { RecipeOptions } from '../recipe-options.ts';
import type { Terminal } from '../terminal.ts';
import type { Lesson } from './lesson.ts';
import { remaining } from './words.ts';

/**
 * Learning by PyTorch, in a process of its own. The file that it writes is scored as it will be served.
 * @throws TrainingRefused naming the option, TorchMissing
 */
export async function networkLesson(terminal: Terminal, kind: NetworkKind, options: RecipeOptions): Promise<Lesson> {
  const recipe = networkRecipeOf(kind, options);
  const python = await findPython(terminal.env);
  return {
    types: recipe.types ?? {},
    async learn(table, chosen, progress) {
      const posed = poseNetwork(table.frame, kind, recipe, chosen);
      const { task, split } = posed;
      const now = () => performance.now();
      const [tell, startedAt, signal] = [remaining(progress, now), now(), terminal.interruption()];
      const doing = `training a ${kind} by PyTorch ${python.version} on ${split.fit.length} rows`;
      tell(doing, 0, task.epochs);
      const trained = await trainNetwork(python, networkInput(posed), {
        onEpoch: ({ epoch, of, validation }) => tell(`${doing}, loss ${validation.toPrecision(4)}`, epoch, of),
        signal,
      });
      const seconds = (now() - startedAt) / 1_000;
      progress.say('evaluating');
      const { result, findings, report } = await assessNetwork({ table, posed, recipe }, { trained, seconds }, signal);
      const rows = { train: split.train.length, test: split.test.length, split: split.words };
      return { parcel: networkParcel(posed, recipe, trained), told: { rows, findings }, result, report };
    },
  };
}
