import type { Command } from 'commander';
import about from '../../../package.json' with { type: 'json' };
import { connect } from '../connection.ts';
import { Misuse } from '../failures.ts';
import { teach } from '../help.ts';
import { oneLine, printJson, printLine } from '../output.ts';
import { progressOn } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { writeWhole } from '../write-whole.ts';

interface Options {
  readonly out: string;
  readonly float32?: boolean;
  readonly json?: boolean;
}

/** `modeldrop export`: a model, preparation included, as one ONNX file. */
export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command('export')
    .description('Write a model as one ONNX file, with its preparation')
    .argument('<model>', 'a folder that holds a model.json, a model file, or the name of a model of the platform')
    .option('--out <file>', 'where to write it', onnxPath, 'model.onnx')
    .option('--float32', 'numbers in single precision, for runtimes without doubles')
    .option('--json', 'print {"file", "bytes", "kind", "precision", "inputs", "outputs"}')
    .action((model: string, options: Options) => exportModel(terminal, model, options));
  teach(
    command,
    'modeldrop export ./house                          # writes model.onnx',
    'modeldrop export iris.model --out iris.onnx       # as svm-train wrote it',
    'modeldrop export diagnosis --out diagnosis.onnx   # as the platform serves it; the key needs scope deploy',
  );
}

/** @throws Misuse */
function onnxPath(path: string): string {
  if (path.endsWith('.onnx')) return path;
  throw new Misuse(`--out must end in .onnx, got ${JSON.stringify(path)}`);
}

async function exportModel(terminal: Terminal, named: string, { out, float32 = false, json }: Options): Promise<void> {
  const progress = progressOn(terminal);
  try {
    progress.say(`reading ${named}`);
    // They bring every kind of model, which takes longer to load than all else; other commands go without.
    const [{ modelNamed }, { writeOnnx }, { signatureOf }] = await Promise.all([
      import('../named-model.ts'),
      import('../../../models/formats/onnx/write/write-onnx.ts'),
      import('../../../models/native.ts'),
    ]);
    const model = await modelNamed(named, () => connect(terminal));
    progress.say(`writing ${out}`);
    const precision = float32 ? 'float' : 'double';
    const bytes = writeOnnx(model, { precision, release: about.version });
    await writeWhole(out, bytes);
    progress.end();
    const { inputs, outputs } = signatureOf(model);
    const names = { inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name) };
    if (json) {
      const numbers = float32 ? 'float32' : 'float64';
      return printJson(terminal.stdout, {
        file: out,
        bytes: bytes.length,
        kind: model.kind,
        precision: numbers,
        ...names,
      });
    }
    printLine(
      terminal.stdout,
      oneLine(`${out}: ${bytes.length} bytes, ${model.kind}, answers ${names.outputs.join(', ')}`),
    );
  } finally {
    progress.end();
  }
}
