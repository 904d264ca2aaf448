import { MalformedRequest, UnfitInput } from '../../../models/errors.ts';
import type { Intake } from '../../../models/features.ts';
import { nestedTensor } from '../../../models/onnx-sheet.ts';
import { namesOf, type Signature } from '../../../models/signature.ts';
import type { Tensors } from '../../../models/tensor.ts';

/**
 * The tensors of rows for a model whose inputs have shapes of their own: nested arrays where it has one input, otherwise
 * records by input name.
 * @throws UnfitInput for a row that is not for this model
 */
export function tensorsOfRows(rows: readonly unknown[], { signature }: Intake, where: string): Tensors {
  const inputs = signature?.inputs ?? [];
  const [only] = inputs;
  const isBare = inputs.length === 1 && !rows.some(isRecord);
  if (only !== undefined && isBare) return new Map([[only.name, nestedTensor(only, rows, where)]]);
  const records = rows.map((row, i) => recordAt(row, `${where}[${i}]`));
  records.forEach((record, i) => {
    checkNames(Object.keys(record), inputs, `${where}[${i}]`);
  });
  return new Map(
    inputs.map((spec) => {
      const column = records.map((record) => record[spec.name]);
      return [spec.name, nestedTensor(spec, column, `${where}[*].${spec.name}`)];
    }),
  );
}

/** The tensors of whole inputs by name. @throws UnfitInput */
export function tensorsByName(inputs: Record<string, unknown>, { signature }: Intake, where: string): Tensors {
  const specs = signature?.inputs ?? [];
  checkNames(Object.keys(inputs), specs, where);
  return new Map(specs.map((spec) => [spec.name, nestedTensor(spec, inputs[spec.name], `${where}.${spec.name}`)]));
}

const isRecord = (row: unknown): row is Record<string, unknown> =>
  row !== null && typeof row === 'object' && !Array.isArray(row);

function recordAt(row: unknown, where: string): Record<string, unknown> {
  if (isRecord(row)) return row;
  throw new MalformedRequest({ where, rule: 'must be an object by input name', found: row });
}

function checkNames(names: readonly string[], inputs: Signature['inputs'], where: string): void {
  const stray = names.find((name) => !inputs.some((spec) => spec.name === name));
  if (stray !== undefined) throw new UnfitInput({ where, rule: `must hold only ${namesOf(inputs)}`, found: stray });
  const missing = inputs.find(({ name }) => !names.includes(name));
  if (missing !== undefined) throw new UnfitInput({ where: `${where}.${missing.name}`, rule: 'is missing' });
}
