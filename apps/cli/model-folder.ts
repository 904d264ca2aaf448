import { stat } from 'node:fs/promises';
import { join } from 'node:path';

export const MODEL_FILE = 'model.json';

/** Whether a name on the command line is a folder with a model in it. */
export const isModelFolder = async (path: string): Promise<boolean> =>
  (await stat(join(path, MODEL_FILE)).catch(() => undefined))?.isFile() ?? false;

/** Whether a name can only be a folder's: no model is called so. */
export const isPath = (name: string): boolean => /[/\\.]/.test(name);
