import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A model that answers `slope` times x: an answer tells which version gave it. */
export const slopeModel = (slope: number): string =>
  JSON.stringify({
    modeldrop: 1,
    kind: 'linear',
    features: ['x'],
    parameters: { coefficients: [[slope]], intercept: [0], link: 'identity' },
  });

/** Drops a file as a careful person does: copied beside, then renamed. */
export async function dropFile(home: string, model: string, file: string, content: string | Uint8Array): Promise<void> {
  const target = join(home, 'inbox', model, file);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.part`, content);
  await rename(`${target}.part`, target);
}
