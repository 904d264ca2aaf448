import { type Datatype, isFloat } from '../../datatype.ts';
import { ModelFileRefused } from '../../errors.ts';
import type { Types } from '../../features.ts';
import type { Layout } from '../../onnx.ts';
import type { Signature, TensorSpec } from '../../signature.ts';
import { distinct } from '../distinct.ts';
import { type Declaration, declaredOr } from '../format.ts';

/** How rows as people write them become a model's inputs. */
export interface Intake {
  readonly layout: Layout;
  readonly features: readonly string[];
  /** Features that are texts. */
  readonly types?: Types;
  /** Features whose missing values become NaN. */
  readonly missing?: readonly string[];
}

/** Inputs with more columns are tensors: nobody names so many features. */
const MOST_FEATURES = 10_000;

/** @throws ModelFileRefused where the drop's features do not fit the inputs */
export function intakeOf({ inputs }: Signature, { features }: Declaration): Intake {
  const [first, ...others] = inputs as [TensorSpec, ...TensorSpec[]];
  const width = others.length === 0 && first.shape.length === 2 ? (first.shape[1] as number) : -1;
  if ((width > 1 && width <= MOST_FEATURES) || (width === 1 && features !== undefined)) {
    const names = declaredOr('features', features, numbered(width), 'features');
    return { layout: 'matrix', features: names, ...typesOf(names.map((name) => [name, first.datatype])) };
  }
  if (features !== undefined) {
    const rule = 'must be absent: the inputs of this model have names, or are no rows of features';
    throw new ModelFileRefused({ where: 'drop.json.features', rule, found: features });
  }
  const names = distinct(
    inputs.map(({ name }) => name),
    'graph.input',
  );
  if (!inputs.every(({ shape }) => isColumn(shape))) return { layout: 'tensors', features: names };
  return { layout: 'columns', features: names, ...typesOf(inputs.map(({ name, datatype }) => [name, datatype])) };
}

const numbered = (width: number): string[] => Array.from({ length: width }, (_, k) => `f${k}`);

/** Whether nobody has named these features. */
export const isNumbered = (features: readonly string[]): boolean => features.every((name, k) => name === `f${k}`);

/** One value a row. */
export const isColumn = (shape: readonly number[]): boolean =>
  shape.length === 1 || (shape.length === 2 && shape[1] === 1);

function typesOf(columns: readonly (readonly [string, Datatype])[]): Pick<Intake, 'types' | 'missing'> {
  const texts = columns.filter(([, datatype]) => datatype === 'BYTES').map(([name]) => [name, 'text' as const]);
  const missing = columns.filter(([, datatype]) => isFloat(datatype)).map(([name]) => name);
  return {
    ...(texts.length > 0 && { types: Object.fromEntries(texts) }),
    ...(missing.length > 0 && { missing }),
  };
}
