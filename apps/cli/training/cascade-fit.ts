import { tarGz } from '../../../adapters/archive/tar-gz.ts';
import { CASCADE_FILE } from '../../../models/formats/cascade/cascade-archive.ts';
import { poseNetwork } from '../../../models/learning/network/pose-network.ts';
import { fitPipeline } from '../../../models/learning/pipeline.ts';
import { preparationRecipe } from '../../../models/learning/preparing/preparation-recipe.ts';
import { poseProblem } from '../../../models/learning/problem.ts';
import { candidatesOf } from '../../../models/learning/search.ts';
import { range } from '../../../models/learning/split.ts';
import type { Table } from '../../../models/learning/table.ts';
import { type CascadePorts, type CascadeRecipe, smallRecipe } from './cascade-rows.ts';
import { fitNetwork } from './network-fit.ts';

/** From which confidence on the small model is not checked. */
export interface Sureness {
  readonly threshold: number;
  readonly temperature: number;
}

const [SMALL_FILE, LARGE_FILE] = ['small.json', 'large.onnx'];

/** Both models of a cascade, learned from all rows of a table, in the archive that is dropped. */
export async function fitCascade(
  { frame }: Table,
  recipe: CascadeRecipe,
  { threshold, temperature }: Sureness,
  { python, signal, onProgress }: CascadePorts,
): Promise<Uint8Array> {
  const { large, seed, target } = recipe;
  const small = smallRecipe(recipe);
  const problem = poseProblem(frame, small);
  const all = range(0, frame.count);
  const [hyper] = candidatesOf(problem, small, seed);
  const { json } = fitPipeline(problem, all, preparationRecipe('auto'), hyper ?? { seed });
  const rows = { train: all, test: new Int32Array() };
  const posed = poseNetwork(frame, large, { ...(target !== undefined && { target }), seed }, rows);
  const { trained } = await fitNetwork(python, posed, {
    examples: new Float32Array(),
    onEpoch: ({ epoch, of }) => onProgress(`learning a ${large} from all rows`, epoch, of),
    signal,
  });
  const stated = {
    modeldrop: 1,
    kind: 'cascade',
    small: SMALL_FILE,
    large: LARGE_FILE,
    threshold,
    temperature,
    labels: json.labels,
  };
  return tarGz([
    { name: CASCADE_FILE, bytes: utf8(stated) },
    { name: SMALL_FILE, bytes: utf8(json) },
    { name: LARGE_FILE, bytes: new Uint8Array(trained.onnx) },
  ]);
}

const utf8 = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
