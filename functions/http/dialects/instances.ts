import { MalformedRequest, UnfitInput } from '../../../models/errors.ts';
import type { Intake } from '../../../models/features.ts';
import { type Sheet, sheetOf } from '../../../models/sheet.ts';
import type { Tensors } from '../../../models/tensor.ts';
import { tensorsByName, tensorsOfRows } from './whole-tensors.ts';

type Features = Intake['features'];

/**
 * The tensors of rows as people write them: arrays in the order of the features, records by feature name,
 * or bare values where the model has one feature.
 * @throws MalformedRequest for what is no list of rows, UnfitInput for a row that is not for this model
 */
export function fromInstances(instances: unknown, intake: Intake, where: string): Tensors {
  if (!Array.isArray(instances))
    throw new MalformedRequest({ where, rule: 'must be an array of rows', found: instances });
  if (intake.onnx?.layout === 'tensors') return tensorsOfRows(instances, intake, where);
  const { features } = intake;
  const sheet = sheetOf(intake, instances.length);
  const firstLength = Array.isArray(instances[0]) ? instances[0].length : undefined;
  instances.forEach((row: unknown, i) => {
    if (Array.isArray(row)) {
      if (firstLength !== undefined && row.length !== firstLength) throw ragged(`${where}[${i}]`, firstLength, row);
      fillFromArray(sheet, i, row, features, `${where}[${i}]`);
    } else if (row !== null && typeof row === 'object') {
      fillFromRecord(sheet, i, row as Record<string, unknown>, features, `${where}[${i}]`);
    } else if (features.length === 1) {
      sheet.put(i, 0, row, `${where}[${i}]`);
    } else {
      throw new MalformedRequest({ where: `${where}[${i}]`, rule: 'must be an array or an object', found: row });
    }
  });
  return sheet.tensors();
}

/** The tensors of columns by feature name, all of one length; or of the model's input by its own name. */
export function fromColumns(columns: Record<string, unknown>, intake: Intake, where: string): Tensors {
  if (intake.onnx?.layout === 'tensors') return tensorsByName(columns, intake, where);
  const { features, signature } = intake;
  const names = Object.keys(columns);
  const [input, ...others] = (signature?.inputs ?? []).map(({ name }) => name);
  if (input && others.length === 0 && names.length === 1 && names[0] === input && !features.includes(input)) {
    return fromInstances(columns[input], intake, `${where}.${input}`);
  }
  checkNames(names, features, where);
  const lists = features.map((feature) => {
    const list = columns[feature];
    if (!Array.isArray(list))
      throw new MalformedRequest({ where: `${where}.${feature}`, rule: 'must be an array', found: list });
    return list as unknown[];
  });
  const count = lists[0]?.length ?? 0;
  const sheet = sheetOf(intake, count);
  lists.forEach((list, column) => {
    const place = `${where}.${features[column]}`;
    if (list.length !== count) throw ragged(place, count, list);
    list.forEach((value, row) => {
      sheet.put(row, column, value, place, row);
    });
  });
  return sheet.tensors();
}

/** The tensors of a table whose columns may stand in any order. */
export function fromTable(names: readonly string[], rows: unknown, intake: Intake, where: string): Tensors {
  const { features } = intake;
  if (!Array.isArray(rows)) throw new MalformedRequest({ where, rule: 'must be an array of rows', found: rows });
  checkNames(names, features, where);
  const order = features.map((feature) => names.indexOf(feature));
  const ordered = rows.map((row: unknown, i) => {
    if (!Array.isArray(row))
      throw new MalformedRequest({ where: `${where}[${i}]`, rule: 'must be an array', found: row });
    if (row.length !== names.length) throw ragged(`${where}[${i}]`, names.length, row);
    return order.map((column) => row[column]);
  });
  // In a table, a cell may hold a whole tensor.
  const isWhole = intake.onnx?.layout === 'tensors';
  const named = (cells: unknown[]) => Object.fromEntries(features.map((feature, k) => [feature, cells[k]]));
  return fromInstances(isWhole ? ordered.map(named) : ordered, intake, where);
}

function fillFromArray(sheet: Sheet, i: number, row: unknown[], features: Features, where: string): void {
  if (row.length !== features.length) {
    throw new UnfitInput({ where, rule: `must have the model's ${features.length} features`, found: row });
  }
  for (let column = 0; column < row.length; column++) sheet.put(i, column, row[column], where, column);
}

function fillFromRecord(
  sheet: Sheet,
  i: number,
  row: Record<string, unknown>,
  features: Features,
  where: string,
): void {
  for (let column = 0; column < features.length; column++) {
    const feature = features[column] as string;
    if (!Object.hasOwn(row, feature)) throw missing(feature, where);
    sheet.put(i, column, row[feature], where, feature);
  }
  if (Object.keys(row).length !== features.length) checkNames(Object.keys(row), features, where);
}

function checkNames(names: readonly string[], features: Features, where: string): void {
  const known = new Set(features);
  const seen = new Set<string>();
  for (const name of names) {
    if (!known.has(name))
      throw new UnfitInput({ where, rule: `must hold only features of the model (${some(features)})`, found: name });
    if (seen.has(name)) throw new MalformedRequest({ where, rule: 'must name each column once', found: name });
    seen.add(name);
  }
  for (const feature of features) if (!seen.has(feature)) throw missing(feature, where);
}

const some = (features: Features): string =>
  features.length <= 8 ? features.join(', ') : `${features.slice(0, 8).join(', ')} and ${features.length - 8} more`;

const missing = (feature: string, where: string): UnfitInput =>
  new UnfitInput({ where: `${where}.${feature}`, rule: 'is missing: the model needs every feature' });

const ragged = (where: string, expected: number, found: unknown): MalformedRequest =>
  new MalformedRequest({ where, rule: `must have ${expected} values like the first`, found });
