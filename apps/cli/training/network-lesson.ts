import { findPython } from '../../../adapters/torch/find-python.ts';
import type { TrainedNetwork } from '../../../adapters/torch/train-network.ts';
import { nameLabels } from '../../../models/formats/onnx/write/name-labels.ts';
import { exampleRows, finishNetwork, networkExamples } from '../../../models/learning/network/finish-network.ts';
import type { NetworkKind } from '../../../models/learning/network/network-kinds.ts';
import type { NetworkRecipe } from '../../../models/learning/network/network-recipe.ts';
import { type NetworkProblem, poseNetwork } from '../../../models/learning/network/pose-network.ts';
import type { UploadFile } from '../../client/upload.ts';
import { networkRecipeOf } from '../network-options.ts';
import type { Parcel } from '../parcel.ts';
import type { RecipeOptions } from '../recipe-options.ts';
import type { Terminal } from '../terminal.ts';
import type { Lesson } from './lesson.ts';
import { fitNetwork } from './network-fit.ts';
import { remaining } from './words.ts';

const ONNX_FILE = 'model.onnx';

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
      const examples = exampleRows(posed);
      const now = () => performance.now();
      const [tell, startedAt, signal] = [remaining(progress, now), now(), terminal.interruption()];
      const doing = `training a ${kind} by PyTorch ${python.version} on ${split.fit.length} rows`;
      tell(doing, 0, task.epochs);
      const { trained, score } = await fitNetwork(python, posed, {
        examples,
        onEpoch: ({ epoch, of, validation }) => tell(`${doing}, loss ${validation.toPrecision(4)}`, epoch, of),
        signal,
      });
      const seconds = (now() - startedAt) / 1_000;
      progress.say('evaluating');
      const fit = {
        outputs: { train: await score(split.train), test: await score(split.test) },
        losses: trained.epochs.map(({ loss }) => loss),
        validationLosses: trained.epochs.map(({ validation }) => validation),
        best: trained.best,
        parameters: trained.parameters,
        seconds,
      };
      const { result, findings, report } = finishNetwork(table, posed, recipe, fit);
      const rows = { train: split.train.length, test: split.test.length, split: split.words };
      return {
        parcel: parcelOf(posed, recipe, trained, examples),
        told: { rows, findings },
        result,
        report,
      };
    },
  };
}

/** The file with the labels of its classes, what it is to be called with, and what PyTorch answered to the examples. */
function parcelOf(
  posed: NetworkProblem,
  { intendedUse, limits }: NetworkRecipe,
  { onnx, answers }: TrainedNetwork,
  examples: Float32Array,
): Parcel {
  const { truth, features } = posed.problem;
  const labels = truth.task === 'classification' ? truth.labels : undefined;
  const bytes = labels ? nameLabels({ name: ONNX_FILE, bytes: onnx }, 'probabilities', labels) : onnx;
  const declared = {
    features: features.columns.map(({ name }) => name),
    ...(labels && { labels: labels.values }),
    ...(intendedUse && { intendedUse }),
    ...(limits && { limits }),
  };
  return {
    file: { name: ONNX_FILE, bytes: new Uint8Array(bytes) },
    companions: [jsonFile('drop.json', declared), jsonFile('examples.json', networkExamples(posed, examples, answers))],
  };
}

const jsonFile = (name: string, value: unknown): UploadFile => ({
  name,
  bytes: new TextEncoder().encode(JSON.stringify(value)),
});
