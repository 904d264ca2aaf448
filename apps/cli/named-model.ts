import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatNamed } from '../../models/formats/formats.ts';
import { inspect } from '../../models/formats/inspect.ts';
import type { NativeModel } from '../../models/native.ts';
import type { Client } from '../client/client.ts';
import { isModelFolder, isPath, MODEL_FILE } from './model-folder.ts';
import { readBytes } from './read-bytes.ts';

/** The model in a folder or file, or the one that the platform serves by this name. @throws Failure, ModelFileRefused */
export async function modelNamed(named: string, platform: () => Promise<Client>): Promise<NativeModel> {
  if (await isModelFolder(named)) return modelIn(join(named, MODEL_FILE));
  if (isPath(named) || (await isFile(named))) return modelIn(named);
  return servedModel(await platform(), named);
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false;

const modelIn = async (path: string): Promise<NativeModel> =>
  inspect({ name: path, bytes: await readBytes(path) }).model;

/** The stable version, under the names that its drop declared. @throws ApiError, Unreachable */
async function servedModel(platform: Client, model: string): Promise<NativeModel> {
  const { version, format, files, features, labels } = await platform.card(model);
  const [name = MODEL_FILE] = files;
  const bytes = await platform.file(model, version, name);
  return formatNamed(format).read({ name, bytes }, { features, ...(labels && { labels }) });
}
