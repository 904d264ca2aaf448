import { join } from 'node:path';
import { inspect } from '../../models/formats/inspect.ts';
import type { NativeModel } from '../../models/native.ts';
import { isModelFolder, MODEL_FILE } from './model-folder.ts';
import { readBytes } from './read-bytes.ts';

/** The model in a folder or file that a person named. @throws Failure, ModelFileRefused */
export async function modelNamed(named: string): Promise<NativeModel> {
  const path = (await isModelFolder(named)) ? join(named, MODEL_FILE) : named;
  return inspect({ name: path, bytes: await readBytes(path) }).model;
}
