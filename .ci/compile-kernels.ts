/**
 * Compiles models/kernels/assembly into the module that models/kernels/module.ts holds as text. Run it after every change
 * of a kernel (npm run kernels); a test holds the module to its source byte by byte.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';

const folder = join(import.meta.dirname, '../models/kernels/assembly');
const LINE = 112;

/** @throws Error with the compiler's words */
export async function compileKernels(): Promise<Uint8Array> {
  let [module, words] = [new Uint8Array(), ''];
  const flags =
    '--outFile kernels.wasm --enable simd --runtime stub --importMemory --noExportMemory --memoryBase 64 --noAssert -O3 --converge';
  const { error } = await main(['index.ts', ...flags.split(' ')], {
    // The compiler appends .ts to imports that already end in it.
    readFile: (name) => readFile(join(folder, name.replace(/\.ts\.ts$/, '.ts')), 'utf8').catch(() => null),
    writeFile: (_, contents) => {
      module = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
    stderr: {
      write(text) {
        words += text;
      },
    },
  });
  if (error) throw new Error(`${error.message}\n${words}`);
  return module;
}

/** The module as source text: base64 in lines. */
export function moduleText(module: Uint8Array): string {
  const text = Buffer.from(module).toString('base64');
  const lines = Array.from({ length: Math.ceil(text.length / LINE) }, (_, i) => text.slice(i * LINE, (i + 1) * LINE));
  return [
    '/** WebAssembly, base64: models/kernels/assembly, compiled by `npm run kernels`. */',
    'export const MODULE = `',
    ...lines,
    '`;',
    '',
  ].join('\n');
}

if (import.meta.main) {
  const module = await compileKernels();
  await writeFile(join(folder, '../module.ts'), moduleText(module));
  console.info(`models/kernels/module.ts: ${module.length} bytes of WebAssembly`);
}
