import { ModelFileRefused } from '../errors.ts';
import { foreign } from './foreign.ts';
import type { Format, ModelFile } from './format.ts';
import { liblinear } from './liblinear.ts';
import { libsvm } from './libsvm.ts';
import { lightgbm } from './lightgbm/lightgbm.ts';
import { modelJson } from './model-json.ts';
import { xgboost } from './xgboost/xgboost.ts';

/** Every format that is served. Those that tell by their first bytes come first. */
export const formats: readonly Format[] = [libsvm, liblinear, lightgbm, modelJson, xgboost];

/**
 * The format of a file, by its content, whatever its name.
 * @throws ModelFileRefused saying what the file is instead, and what helps
 */
export function detect({ name, bytes }: ModelFile): Format {
  const format = formats.find((candidate) => candidate.recognises(bytes));
  if (format !== undefined) return format;
  if (bytes.length === 0) throw new ModelFileRefused({ where: name, rule: 'is empty' });
  const known = foreign.find((candidate) => candidate.recognises(bytes));
  if (known !== undefined) throw new ModelFileRefused({ where: name, rule: `is ${known.is}: ${known.help}` });
  const names = ['onnx', ...formats.map((candidate) => candidate.name), 'a Triton repository as .tar.gz'].join(', ');
  throw new ModelFileRefused({ where: name, rule: `is of no format that is served (${names})` });
}

/** @throws ModelFileRefused where no format has this name */
export function formatNamed(name: string): Format {
  const format = formats.find((candidate) => candidate.name === name);
  if (format === undefined) {
    throw new ModelFileRefused({ where: 'manifest.format', rule: 'must be a format that is served', found: name });
  }
  return format;
}
