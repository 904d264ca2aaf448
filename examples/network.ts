import { type BuiltExample, fileBeside, jsonFile } from './example.ts';

interface NetworkExample {
  readonly name: string;
  readonly declared: object;
  readonly summary: string;
}

/** A network as PyTorch wrote it, with what PyTorch itself answers, and what only a person can say of it. */
export async function buildNetwork(
  program: string,
  { name, declared, summary }: NetworkExample,
): Promise<BuiltExample> {
  return {
    name,
    files: [
      await fileBeside(program, `${name}.onnx`),
      jsonFile('drop.json', declared),
      await fileBeside(program, 'examples.json'),
    ],
    summary,
  };
}
