import type { ModelFile } from '../../models/formats/format.ts';
import type { Epoch, TrainedNetwork } from '../../models/learning/network/trained-network.ts';
import { TorchFailed } from './torch-failed.ts';

interface End {
  readonly done: true;
  readonly best: number;
  readonly parameters: number;
}

/** A line that the program says. @throws TorchFailed where it is none of them */
export function wordsOf(line: string): Epoch | End {
  try {
    return JSON.parse(line);
  } catch {
    throw new TorchFailed(`it said ${line.slice(0, 200)}`);
  }
}

/** By their names. */
export const LEFT_BEHIND: readonly string[] = ['network.onnx', 'answers.f32', 'log.jsonl'];

/** What the program leaves behind, wherever it ran. @throws TorchFailed where anything is missing */
export function trainedFrom(files: readonly ModelFile[]): TrainedNetwork {
  const bytesOf = (wanted: string): Uint8Array => {
    const found = files.find(({ name }) => name === wanted);
    if (found === undefined) throw new TorchFailed(`it left no ${wanted}`);
    return found.bytes;
  };
  const said = new TextDecoder().decode(bytesOf('log.jsonl')).trim().split('\n').map(wordsOf);
  const end = said.find((words) => 'done' in words);
  if (end === undefined) throw new TorchFailed('it did not say that it is done');
  const { best, parameters } = end;
  return {
    onnx: bytesOf('network.onnx'),
    // A copy: floats begin where they may.
    answers: new Float32Array(new Uint8Array(bytesOf('answers.f32')).buffer),
    epochs: said.filter((words) => 'epoch' in words),
    best,
    parameters,
  };
}
