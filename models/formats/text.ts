import { MalformedRequest, ModelFileRefused } from '../errors.ts';
import { parseJson } from '../json.ts';
import { decodeUtf8 } from '../utf8.ts';
import type { ModelFile } from './format.ts';

/** @throws ModelFileRefused where the file is not strict UTF-8 */
export const readText = ({ name, bytes }: ModelFile): string => refusing(() => decodeUtf8(bytes, name));

/** @throws ModelFileRefused where the file is not strict UTF-8 or not strict JSON */
export const readJson = (file: ModelFile): unknown => refusing(() => parseJson(readText(file), file.name));

/** In a file, what would be a malformed request is a refused file. */
function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error;
    const { where, rule, ...found } = error.facts as { where: string; rule: string };
    throw new ModelFileRefused({ where, rule, ...found }, { cause: error });
  }
}

const PEEK_BYTES = 64;

/** Whether the first character that is no white space opens a JSON object. */
export const startsWithBrace = (bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(0, PEEK_BYTES)).trimStart().startsWith('{');
