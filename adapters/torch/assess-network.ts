import { type FinishedNetwork, finishNetwork } from '../../models/learning/network/finish-network.ts';
import type { NetworkRecipe } from '../../models/learning/network/network-recipe.ts';
import { floatRows, type NetworkProblem } from '../../models/learning/network/pose-network.ts';
import type { TrainedNetwork } from '../../models/learning/network/trained-network.ts';
import type { Table } from '../../models/learning/table.ts';
import { openInRuntime } from '../onnx/runtime.ts';
import { scoreRows } from '../onnx/score-rows.ts';

/** What a network learned from. */
export interface Taught {
  readonly table: Table;
  readonly posed: NetworkProblem;
  readonly recipe: NetworkRecipe;
}

export interface Training {
  readonly trained: TrainedNetwork;
  /** That it took. */
  readonly seconds: number;
}

/** All that the rows say of a network, by the file as it is written and will be served. @throws ModelFileRefused, RunFailed, the signal's reason */
export async function assessNetwork(
  { table, posed, recipe }: Taught,
  { trained, seconds }: Training,
  signal: AbortSignal,
): Promise<FinishedNetwork> {
  const score = networkScore(posed, trained.onnx, signal);
  const outputs = { train: await score(posed.split.train), test: await score(posed.split.test) };
  return finishNetwork(table, posed, recipe, {
    outputs,
    losses: trained.epochs.map(({ loss }) => loss),
    validationLosses: trained.epochs.map(({ validation }) => validation),
    best: trained.best,
    parameters: trained.parameters,
    seconds,
  });
}

/** Probabilities or values of rows of the table. */
export function networkScore(
  { problem: { features }, task }: NetworkProblem,
  onnx: Uint8Array,
  signal: AbortSignal,
): (rows: Int32Array) => Promise<Float32Array> {
  const [width, output] = [features.columns.length, task.classes > 0 ? 'probabilities' : 'value'];
  return (rows) =>
    scoreRows(openInRuntime(), onnx, { input: 'input', rows: floatRows(features, rows), width, output }, signal);
}
